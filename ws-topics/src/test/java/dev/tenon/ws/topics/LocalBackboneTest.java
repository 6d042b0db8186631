package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The limits of the in-process backbone, and the arguments that its values refuse. */
class LocalBackboneTest {
    /** Counts what it receives. */
    private static class Counting implements Backbone.Receiver {
        final List<Entry> received = new ArrayList<>();

        @Override
        public void received(Entry entry) {
            received.add(entry);
        }

        @Override
        public void lost(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void aHistoryIsBoundedByItsBytes() {
        LocalBackbone node = LocalBackbone.create(new HistoryLimits(100, 10, 10));
        Position first = get(node.publish("a", KeyedMessage.text("12345")));
        Position second = get(node.publish("a", KeyedMessage.text("12345")));
        assertTrue(get(node.replay("a", new Position(first.epoch(), 0))).recovered());
        get(node.publish("a", KeyedMessage.text("1")));
        assertFalse(get(node.replay("a", new Position(first.epoch(), 0))).recovered());
        assertEquals(2, get(node.replay("a", first)).entries().size());
        get(node.publish("a", KeyedMessage.text("longer than all that is kept")));
        assertFalse(get(node.replay("a", second)).recovered());
        assertEquals(
                1,
                get(node.replay("a", new Position(first.epoch(), 3))).entries().size());
    }

    @Test
    void topicsThatNoNodeHasOpenedAreRemovedAndBeginAgain() {
        LocalBackbone node = LocalBackbone.create(new HistoryLimits(10, 100, 2));
        Counting receiver = new Counting();
        get(node.open("open", receiver));
        Position old = get(node.publish("idle", KeyedMessage.text("x")));
        get(node.publish("another", KeyedMessage.text("x")));
        get(node.publish("one more", KeyedMessage.text("x")));
        Replay replay = get(node.replay("idle", old));
        assertFalse(replay.recovered());
        assertNotEquals(old.epoch(), replay.end().epoch());
        get(node.node().publish("open", KeyedMessage.text("still here")));
        assertEquals(1, receiver.received.size());
    }

    @Test
    void aNewTopicDoesNotWaitForAnOpenOne() throws Exception {
        LocalBackbone node = LocalBackbone.create(new HistoryLimits(10, 100, 1));
        CompletableFuture<Position> published = new CompletableFuture<>();
        node.open("open", new Counting() {
            @Override
            public void received(Entry entry) { // with the lock of the open topic
                Thread other = new Thread(() -> published.complete(get(node.publish("new", KeyedMessage.text("x")))));
                other.start();
                published
                        .orTimeout(10, TimeUnit.SECONDS)
                        .exceptionally(blocked -> null)
                        .join();
            }
        });
        node.publish("open", KeyedMessage.text("x"));
        assertEquals(1, published.get().offset());
    }

    @Test
    void aTopicIsIdleFromItsLastReleaseOn() {
        LocalBackbone node = LocalBackbone.create(new HistoryLimits(10, 100, 2));
        LocalBackbone other = node.node();
        get(node.open("a", new Counting()));
        get(other.open("a", new Counting()));
        Position first = get(node.publish("a", KeyedMessage.text("x")));
        Position old = get(node.publish("b", KeyedMessage.text("x")));
        node.release("a");
        node.release("a"); // does nothing
        get(node.publish("c", KeyedMessage.text("x")));
        get(node.publish("d", KeyedMessage.text("x")));
        assertEquals(first, get(node.replay("a", first)).end(), "it is open on another node");
        assertFalse(get(node.replay("b", old)).recovered(), "the oldest idle one");
        other.close();
        assertEquals(first, get(node.replay("a", first)).end(), "it is the newest idle one");
        get(node.publish("e", KeyedMessage.text("x")));
        get(node.publish("f", KeyedMessage.text("x")));
        assertNotEquals(first, get(node.replay("a", first)).end());
    }

    @Test
    void aTopicThatIsOpenedAgainIsNotRemoved() {
        LocalBackbone node = LocalBackbone.create(new HistoryLimits(10, 100, 1));
        Position first = get(node.publish("a", KeyedMessage.text("x")));
        get(node.open("a", new Counting()));
        assertThrows(IllegalStateException.class, () -> node.open("a", new Counting()));
        get(node.publish("b", KeyedMessage.text("x")));
        get(node.publish("c", KeyedMessage.text("x")));
        assertEquals(first, get(node.replay("a", first)).end());
        node.release("a");
        get(node.publish("d", KeyedMessage.text("x")));
        assertNotEquals(first, get(node.replay("a", first)).end());
    }

    @Test
    void aTopicIsOpenOnceOnANode() {
        LocalBackbone node = LocalBackbone.create();
        get(node.open("a", new Counting()));
        assertThrows(IllegalStateException.class, () -> node.open("a", new Counting()));
        node.close();
        get(node.open("a", new Counting()));
    }

    @Test
    void aMessageKeepsItsBytes() {
        byte[] bytes = {1, 2, 3};
        KeyedMessage message =
                new KeyedMessage("k", dev.tenon.ws.connection.MessageType.BINARY, ByteBuffer.wrap(bytes));
        bytes[0] = 9;
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), message.payload());
        assertThrows(IllegalArgumentException.class, () -> KeyedMessage.text("", "x"));
        assertThrows(IllegalArgumentException.class, () -> KeyedMessage.text("k".repeat(129), "x"));
    }

    @Test
    void aPositionIsTextAndBack() {
        Position position = new Position("e-1", 42);
        assertEquals(position, Position.parse(position.toString()));
        Position marked = new Position("e-1", 42, "k_3-X");
        assertEquals("e-1:42.k_3-X", marked.toString());
        assertEquals(marked, Position.parse(marked.toString()));
        for (String wrong : List.of(
                "",
                ":1",
                "e",
                "e:",
                "e:-1",
                "e:1x",
                "e:99999999999999999999",
                "e:1:2",
                "e:٣",
                "e:1.",
                "e:.a",
                "e:1.a.b",
                "e:1.\u00e9",
                "e.1:")) {
            assertThrows(IllegalArgumentException.class, () -> Position.parse(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> new Position("", 1));
        assertThrows(IllegalArgumentException.class, () -> new Position("e", -1));
        assertThrows(IllegalArgumentException.class, () -> new HistoryLimits(0, 1, 1));
    }
}
