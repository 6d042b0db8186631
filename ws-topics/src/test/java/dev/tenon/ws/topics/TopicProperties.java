package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** The messages of subscribers, for any order of calls from loops and workers and any progress of the loops. */
class TopicProperties {
    private static final int LOOPS = 3;
    private static final int CONNECTIONS = 7;

    enum Call {
        SUBSCRIBE,
        SUBSCRIBE_ON_LOOP,
        UNSUBSCRIBE,
        UNSUBSCRIBE_ON_LOOP,
        PUBLISH,
        PUBLISH_ON_LOOP,
        PUBLISH_TO_OTHERS,
        PUBLISH_LONG,
        END,
        STEP
    }

    record Action(Call call, int member) {}

    @Provide
    Arbitrary<List<Action>> actions() {
        Arbitrary<Call> calls = Arbitraries.frequency(
                Tuple.of(4, Call.SUBSCRIBE),
                Tuple.of(4, Call.SUBSCRIBE_ON_LOOP),
                Tuple.of(3, Call.UNSUBSCRIBE),
                Tuple.of(3, Call.UNSUBSCRIBE_ON_LOOP),
                Tuple.of(5, Call.PUBLISH),
                Tuple.of(3, Call.PUBLISH_ON_LOOP),
                Tuple.of(3, Call.PUBLISH_TO_OTHERS),
                Tuple.of(1, Call.PUBLISH_LONG),
                Tuple.of(1, Call.END),
                Tuple.of(6, Call.STEP));
        return Combinators.combine(calls, Arbitraries.integers().between(0, CONNECTIONS - 1))
                .as(Action::new)
                .list()
                .ofMaxSize(80);
    }

    /** The topic, and a model of it. */
    private static final class Model {
        final Topics topics = new Topics(SlowSubscriber.SKIP, 10, 3);
        final List<ManualLoop> loops = new ArrayList<>();
        final List<FakeConnection> connections = new ArrayList<>();
        final List<List<String>> expected = new ArrayList<>();
        final Set<Integer> members = new HashSet<>();
        int published;

        Model() {
            for (int i = 0; i < LOOPS; i++) {
                loops.add(new ManualLoop());
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(new FakeConnection(loops.get(i % LOOPS)));
                expected.add(new ArrayList<>());
            }
        }

        ManualLoop loop(int member) {
            return loops.get(member % LOOPS);
        }

        void perform(Action action) {
            int member = action.member();
            switch (action.call()) {
                case SUBSCRIBE -> subscribe(member);
                case SUBSCRIBE_ON_LOOP -> loop(member).event(() -> subscribe(member));
                case UNSUBSCRIBE -> unsubscribe(member);
                case UNSUBSCRIBE_ON_LOOP -> {
                    loop(member).event(() -> unsubscribe(member));
                    assertEquals(expected.get(member), connections.get(member).received, "all before, nothing after");
                }
                case PUBLISH -> publish("", null);
                case PUBLISH_ON_LOOP -> loop(member).event(() -> publish("", null));
                case PUBLISH_TO_OTHERS -> publish("", member);
                case PUBLISH_LONG -> publish(" ".repeat(9_000), null);
                case END -> {
                    if (members.remove(member) || connections.get(member).state == ReadyState.OPEN) {
                        loop(member).event(connections.get(member)::end);
                        expected.set(member, List.copyOf(connections.get(member).received));
                    }
                }
                case STEP -> loop(member).step();
            }
            check();
        }

        private void subscribe(int member) {
            boolean open = connections.get(member).state == ReadyState.OPEN;
            assertEquals(open, topics.subscribe("room", connections.get(member).webSocket));
            if (open) {
                members.add(member);
            }
        }

        private void unsubscribe(int member) {
            topics.unsubscribe("room", connections.get(member).webSocket);
            members.remove(member);
        }

        private void publish(String padding, @Nullable Integer except) {
            String text = published++ + padding;
            PreparedMessage message = PreparedMessage.text(text);
            SendResult result = except == null
                    ? topics.publish("room", message)
                    : topics.publishExcept("room", message, connections.get(except).webSocket);
            if (result != SendResult.REFUSED) {
                for (int member : members) {
                    if (except == null || except != member) {
                        expected.get(member).add(text);
                    }
                }
            }
        }

        void check() {
            Set<WebSocket> subscribers = new HashSet<>(topics.subscribers("room"));
            assertEquals(members.size(), topics.size("room"));
            for (int i = 0; i < CONNECTIONS; i++) {
                FakeConnection connection = connections.get(i);
                assertEquals(members.contains(i), subscribers.contains(connection.webSocket));
                List<String> received = connection.received;
                assertTrue(received.size() <= expected.get(i).size(), "more than was published to it");
                assertEquals(expected.get(i).subList(0, received.size()), received);
                assertTrue(connection.registrations.get() <= 1, "more than one registration for the end");
            }
        }

        void drain() {
            loops.forEach(ManualLoop::drain);
            check();
            for (int i = 0; i < CONNECTIONS; i++) {
                assertEquals(expected.get(i), connections.get(i).received);
            }
        }
    }

    @Property(tries = 1000)
    void exactlyTheSubscribersAtThatMomentGetAMessageAllInOneOrder(@ForAll("actions") List<Action> actions) {
        Model model = new Model();
        actions.forEach(model::perform);
        model.drain();
    }

    @Property(tries = 300)
    void nothingIsKeptOfAFormerSubscriber(@ForAll("actions") List<Action> actions) {
        Model model = new Model();
        actions.forEach(model::perform);
        for (int i = 0; i < CONNECTIONS; i++) {
            model.perform(new Action(i % 2 == 0 ? Call.UNSUBSCRIBE : Call.UNSUBSCRIBE_ON_LOOP, i));
        }
        model.drain();
        assertEquals(Set.of(), model.topics.names());
        assertTrue(model.topics.isEmpty(), "a topic is kept");
        for (FakeConnection connection : model.connections) {
            Memberships memberships = Memberships.find(connection.webSocket);
            assertTrue(memberships == null || memberships.topics().isEmpty(), "a connection keeps a topic");
        }
    }

    @Property(tries = 300)
    void publishingOnOneLoopHandsOverOneTaskUntilItHasRun(@ForAll("actions") List<Action> actions) {
        Model model = new Model();
        for (Action action : actions) {
            model.perform(action);
            for (ManualLoop loop : model.loops) {
                assertTrue(loop.waiting() <= 2, "one topic has one task, a topic of the same name before it another");
            }
        }
    }
}
