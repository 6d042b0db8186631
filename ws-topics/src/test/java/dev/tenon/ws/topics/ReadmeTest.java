package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of README.md, word for word. */
class ReadmeTest {
    record Member(Topics rooms, String room) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            rooms.subscribe(room, webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            rooms.publishExcept(room, PreparedMessage.text(text), webSocket);
        }
    }

    record Reader(
            ClusterTopics topics, String topic, @Nullable Position lastSeen) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            if (lastSeen == null) {
                topics.subscribe(topic, webSocket);
            } else {
                topics.resume(topic, webSocket, lastSeen);
            }
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            topics.publishText(topic, text);
        }
    }

    static void watch(Presence presence, String topic) {
        presence.watch(
                topic,
                new Presence.Watcher() { // once on each node
                    @Override
                    public void entered(String member) {
                        System.out.println(member + " is here");
                    }

                    @Override
                    public void left(String member) {
                        System.out.println(member + " has left");
                    }
                });
    }

    @Test
    void aMemberLeavesWithItsConnection() {
        LocalPresence here = LocalPresence.create();
        Presence there = here.node();
        watch(there, "oak");
        ManualLoop loop = new ManualLoop();
        FakeConnection connection = new FakeConnection(loop);
        here.enterWhileOpen("oak", "ann", connection.webSocket);
        assertEquals(Set.of("ann"), there.members("oak").toCompletableFuture().join());
        here.leave("oak", "ann", connection.webSocket);
        assertEquals(Set.of(), there.members("oak").toCompletableFuture().join());
        here.enterWhileOpen("oak", "ann", connection.webSocket);
        loop.event(connection::end);
        assertEquals(Set.of(), there.members("oak").toCompletableFuture().join());
        here.enterWhileOpen("oak", "ann", connection.webSocket);
        assertEquals(Set.of(), there.members("oak").toCompletableFuture().join(), "the connection has ended");
    }

    @Test
    void aReaderThatReconnectsGetsTheMissedMessages() {
        LocalBackbone node = LocalBackbone.create();
        ClusterTopics here = ClusterTopics.over(node, Envelope.json());
        ClusterTopics there = ClusterTopics.over(node.node(), Envelope.json());
        ManualLoop loop = new ManualLoop();
        FakeConnection first = new FakeConnection(loop);
        Reader reader = new Reader(here, "news", null);
        reader.onOpen(first.webSocket);
        loop.drain();
        reader.onText(first.webSocket, "one");
        loop.drain();
        String begin = first.received.get(0);
        String epoch = begin.substring(6, begin.lastIndexOf(':', begin.indexOf(",")));
        assertEquals(
                List.of("{\"p\":\"" + epoch + ":0\",\"recovered\":false}", "{\"p\":\"" + epoch + ":1\",\"d\":\"one\"}"),
                first.received);
        loop.event(first::end);
        there.publishText("news", "two \"quoted\"\n");
        FakeConnection second = new FakeConnection(loop);
        new Reader(there, "news", Position.parse(epoch + ":1")).onOpen(second.webSocket);
        loop.drain();
        there.publishText("news", "three");
        loop.drain();
        assertEquals(
                List.of(
                        "{\"p\":\"" + epoch + ":1\",\"recovered\":true}",
                        "{\"p\":\"" + epoch + ":2\",\"d\":\"two \\\"quoted\\\"\\u000a\"}",
                        "{\"p\":\"" + epoch + ":3\",\"d\":\"three\"}"),
                second.received);
    }

    @Test
    void theOthersInTheRoomGetTheText() {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        ManualLoop loop = new ManualLoop();
        FakeConnection speaker = new FakeConnection(loop);
        FakeConnection listener = new FakeConnection(loop);
        FakeConnection elsewhere = new FakeConnection(loop);
        new Member(rooms, "oak").onOpen(speaker.webSocket);
        new Member(rooms, "oak").onOpen(listener.webSocket);
        new Member(rooms, "elm").onOpen(elsewhere.webSocket);
        new Member(rooms, "oak").onText(speaker.webSocket, "hello");
        loop.drain();
        assertEquals(List.of("hello"), listener.received);
        assertEquals(List.of(), speaker.received);
        assertEquals(List.of(), elsewhere.received);
    }
}
