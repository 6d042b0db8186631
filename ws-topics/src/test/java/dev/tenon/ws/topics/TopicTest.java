package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Turns, slow and failing subscribers, limits. */
class TopicTest {
    private final ManualLoop loop = new ManualLoop();
    private final Topic topic = Topic.of(SlowSubscriber.SKIP);

    private List<FakeConnection> subscribers(int count) {
        List<FakeConnection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FakeConnection connection = new FakeConnection(loop);
            assertTrue(topic.subscribe(connection.webSocket));
            all.add(connection);
        }
        return all;
    }

    @Test
    void aSubscriberGetsAllMessagesOfATurnBeforeTheNextSubscriberGetsOne() {
        List<String> order = new ArrayList<>();
        List<FakeConnection> all = subscribers(3);
        for (int i = 0; i < 3; i++) {
            String name = "subscriber " + i;
            all.get(i).onSend = text -> {
                order.add(name);
                return SendResult.QUEUED;
            };
        }
        topic.publishText("a");
        topic.publishText("b");
        assertEquals(1, loop.drain(), "one task for both");
        assertEquals(6, order.size());
        for (int i = 0; i < 6; i += 2) {
            assertEquals(order.get(i), order.get(i + 1));
        }
    }

    @Test
    void aLargeTopicDoesNotDelayOthers() {
        List<FakeConnection> all = subscribers(10_000);
        topic.publishText("a");
        List<Integer> sent = new ArrayList<>();
        loop.execute(() -> sent.add(sum(all))); // a task of another connection, after the first turn
        loop.drain();
        assertTrue(sent.get(0) <= Topic.STEPS_PER_TURN, () -> "sent in one turn: " + sent);
        assertEquals(10_000, sum(all));
    }

    @Test
    void aMessageOfALaterTurnIsSentTogetherToTheRemainingSubscribers() {
        List<String> order = new ArrayList<>();
        List<FakeConnection> all = subscribers(3 * Topic.STEPS_PER_TURN);
        for (int i = 0; i < all.size(); i++) {
            String name = " to " + i;
            all.get(i).onSend = text -> {
                order.add(text + name);
                return SendResult.QUEUED;
            };
        }
        topic.publishText("a");
        loop.step();
        int first = order.size();
        topic.publishText("b");
        loop.drain();
        int together = 0;
        for (int i = 1; i < order.size(); i++) {
            together += order.get(i).equals(order.get(i - 1).replace('a', 'b')) ? 1 : 0;
        }
        assertTrue(first > 0 && first < all.size(), () -> "sent in one turn: " + first);
        assertEquals(all.size() - first, together, "subscribers that get both messages in one write");
        assertEquals(2 * all.size(), order.size());
    }

    @Test
    void aSubscriberThatIsSentManyMessagesDoesNotDelayOthers() {
        FakeConnection one = subscribers(1).get(0);
        for (int i = 0; i < 5_000; i++) {
            topic.publishText("");
        }
        List<Integer> sent = new ArrayList<>();
        loop.execute(() -> sent.add(one.received.size()));
        loop.drain();
        assertTrue(sent.get(0) <= Topic.STEPS_PER_TURN, () -> "sent in one turn: " + sent);
        assertEquals(5_000, one.received.size());
    }

    @Test
    void longMessagesUseUpATurnSooner() {
        List<FakeConnection> all = subscribers(1_000);
        topic.publishBinary(ByteBuffer.allocate(64 * 1024));
        loop.step();
        assertTrue(sum(all) <= 64, () -> "sent in one turn: " + sum(all));
        loop.drain();
        assertEquals(1_000, sum(all));
    }

    @Test
    void aListenerThatPublishesOnEverySendDoesNotDelayOthers() {
        FakeConnection one = subscribers(1).get(0);
        one.onSend = text -> topic.publishText("again");
        topic.publishText("first");
        for (int turn = 1; turn <= 3; turn++) {
            loop.step();
            assertEquals(turn, one.received.size());
            assertEquals(1, loop.waiting());
        }
    }

    private static int sum(List<FakeConnection> all) {
        return all.stream().mapToInt(each -> each.received.size()).sum();
    }

    @Test
    void aSubscriberThatThrowsIsAbortedAndTheOthersGetTheirMessage() {
        List<FakeConnection> all = subscribers(3);
        all.get(1).onSend = text -> {
            throw new IllegalStateException("broken");
        };
        topic.publishText("a");
        loop.drain();
        assertEquals(ReadyState.CLOSED, all.get(1).state);
        assertEquals(List.of("a"), all.get(0).received);
        assertEquals(List.of("a"), all.get(2).received);
        assertEquals(2, topic.size());
    }

    @Test
    void aSlowSubscriberMissesMessages() {
        List<FakeConnection> all = subscribers(2);
        all.get(0).onSend = text -> SendResult.REFUSED;
        topic.publishText("a");
        topic.publishText("b");
        loop.drain();
        assertEquals(2, topic.missed());
        assertEquals(ReadyState.OPEN, all.get(0).state);
        assertEquals(List.of("a", "b"), all.get(1).received);
    }

    @Test
    void aSlowSubscriberIsClosedWith1013() {
        Topic closing = Topic.of(SlowSubscriber.CLOSE);
        FakeConnection slow = new FakeConnection(loop);
        slow.onSend = text -> SendResult.REFUSED;
        closing.subscribe(slow.webSocket);
        closing.publishText("a");
        closing.publishText("b");
        loop.drain();
        assertEquals(CloseCode.TRY_AGAIN_LATER, slow.closeCode);
        assertEquals(1, closing.missed());
    }

    @Test
    void aSendThatEndsOtherSubscribersSkipsNoOne() {
        List<FakeConnection> all = subscribers(10);
        all.get(5).onSend = text -> {
            all.get(9).end();
            all.get(0).end();
            all.get(5).end();
            all.get(7).end();
            return SendResult.QUEUED;
        };
        topic.publishText("a");
        topic.publishText("b");
        loop.drain();
        for (int i : new int[] {1, 2, 3, 4, 6, 8}) {
            assertEquals(List.of("a", "b"), all.get(i).received, "subscriber " + i);
        }
        assertEquals(6, topic.size());
    }

    @Test
    void unsubscribingInsideASendStopsTheMessagesOfTheTurn() {
        FakeConnection one = subscribers(1).get(0);
        one.onSend = text -> {
            topic.unsubscribe(one.webSocket);
            return SendResult.QUEUED;
        };
        topic.publishText("a");
        loop.drain();
        topic.publishText("b");
        loop.drain();
        assertEquals(List.of("a"), one.received);
        assertEquals(0, topic.size());
    }

    @Test
    void publishersFasterThanAnExecutorAreRefused() {
        subscribers(1);
        PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(100_000));
        int accepted = 0;
        int congested = 0;
        for (SendResult result; (result = topic.publish(message)) != SendResult.REFUSED; accepted++) {
            congested += result == SendResult.CONGESTED ? 1 : 0;
        }
        assertEquals(Topic.PENDING_LIMIT / 100_256, accepted);
        assertEquals(accepted - Topic.PENDING_LIMIT / 4 / 100_256, congested);
        loop.drain();
        assertEquals(SendResult.QUEUED, topic.publish(message));
    }

    @Test
    void aMessageLongerThanTheLimitIsSentWhenNothingWaits() {
        subscribers(1);
        ByteBuffer large = ByteBuffer.allocate((int) Topic.PENDING_LIMIT + 1);
        assertEquals(SendResult.CONGESTED, topic.publishBinary(large));
        assertEquals(SendResult.REFUSED, topic.publishText("more"));
    }

    @Test
    void anExecutorThatHasStoppedIsForgottenWithItsSubscribers() {
        List<FakeConnection> all = subscribers(3);
        ManualLoop other = new ManualLoop();
        FakeConnection stays = new FakeConnection(other);
        topic.subscribe(stays.webSocket);
        loop.stop();
        assertEquals(SendResult.QUEUED, topic.publishText("a"));
        other.drain();
        assertEquals(List.of("a"), stays.received);
        assertEquals(1, topic.size());
        all.forEach(FakeConnection::end);
        assertEquals(List.of(stays.webSocket), topic.subscribers());
    }

    @Test
    void aConnectionThatHasEndedDoesNotSubscribe() {
        FakeConnection ended = new FakeConnection(loop);
        ended.end();
        assertFalse(topic.subscribe(ended.webSocket));
        assertEquals(0, topic.size());
        assertFalse(topic.contains(ended.webSocket));
    }

    @Test
    void anExecutorThatRunsTasksAtOnceNeedsNoLoop() {
        FakeConnection direct = new FakeConnection(ConnectionExecutor.direct());
        topic.subscribe(direct.webSocket);
        topic.publishText("a");
        topic.publishText("b");
        assertEquals(List.of("a", "b"), direct.received);
    }

    @Test
    void aConnectionIsInNoMoreTopicsThanItMayBe() {
        Topics topics = Topics.of(SlowSubscriber.SKIP).withMaxPerConnection(2);
        FakeConnection connection = new FakeConnection(loop);
        assertTrue(topics.subscribe("a", connection.webSocket));
        assertTrue(topics.subscribe("b", connection.webSocket));
        assertTrue(topics.subscribe("b", connection.webSocket), "it is a subscriber already");
        assertFalse(topics.subscribe("c", connection.webSocket));
        assertEquals(Set.of("a", "b"), topics.names());
        loop.event(() -> topics.unsubscribe("a", connection.webSocket));
        assertTrue(topics.subscribe("c", connection.webSocket));
        assertThrows(IllegalArgumentException.class, () -> topics.withMaxPerConnection(0));
    }

    @Test
    void aConnectionLeavesAllTopicsAtOnceAndThoseOfOthersNot() {
        Topics topics = Topics.of(SlowSubscriber.SKIP);
        FakeConnection one = new FakeConnection(loop);
        FakeConnection another = new FakeConnection(loop);
        topic.subscribe(one.webSocket);
        topics.subscribe("a", one.webSocket);
        topics.subscribe("b", one.webSocket);
        topics.subscribe("b", another.webSocket);
        topics.unsubscribeAll(one.webSocket);
        assertEquals(Set.of("b"), topics.names());
        assertEquals(List.of(another.webSocket), topics.subscribers("b"));
        assertTrue(topic.contains(one.webSocket));
        loop.drain();
        assertEquals(1, one.registrations.get());
    }

    @Test
    void aTopicWithoutSubscribersAcceptsMessagesAndKeepsNone() {
        Topics topics = Topics.of(SlowSubscriber.SKIP);
        assertEquals(SendResult.QUEUED, topics.publishText("none", "\uD800"), "not even encoded");
        assertEquals(SendResult.QUEUED, topic.publishText("a"));
        assertEquals(0, topics.size("none"));
        assertEquals(List.of(), topics.subscribers("none"));
        FakeConnection late = new FakeConnection(loop);
        topic.subscribe(late.webSocket);
        loop.drain();
        assertEquals(List.of(), late.received);
    }
}
