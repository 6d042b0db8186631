package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Clients connect, leave and return on two nodes, while replays and live messages arrive in any order. */
class ClusterTopicsProperties {
    private static final int NODES = 2;
    private static final int CLIENTS = 4;

    enum Call {
        CONNECT,
        PUBLISH,
        UNSUBSCRIBE,
        UNSUBSCRIBE_ON_LOOP,
        LOSE,
        STEP_LOOP,
        STEP_LIVE,
        STEP_REQUESTS,
        CUT_OFF,
        RECONNECT
    }

    record Action(Call call, int index) {}

    @Provide
    Arbitrary<List<Action>> actions() {
        return actions(0);
    }

    @Provide
    Arbitrary<List<Action>> actionsWithAbsences() {
        return actions(1);
    }

    private static Arbitrary<List<Action>> actions(int absences) {
        Arbitrary<Call> calls = Arbitraries.frequency(
                Tuple.of(absences, Call.CUT_OFF),
                Tuple.of(absences, Call.RECONNECT),
                Tuple.of(5, Call.CONNECT),
                Tuple.of(6, Call.PUBLISH),
                Tuple.of(1, Call.UNSUBSCRIBE),
                Tuple.of(1, Call.UNSUBSCRIBE_ON_LOOP),
                Tuple.of(2, Call.LOSE),
                Tuple.of(6, Call.STEP_LOOP),
                Tuple.of(5, Call.STEP_LIVE),
                Tuple.of(6, Call.STEP_REQUESTS));
        return Combinators.combine(calls, Arbitraries.integers().between(0, CLIENTS - 1))
                .as(Action::new)
                .list()
                .ofMaxSize(120);
    }

    /** Puts the position before each message, so that a test can check it. */
    private static final class Positions implements Envelope {
        @Override
        public PreparedMessage wrap(Entry entry) {
            return PreparedMessage.text(entry.position().toString());
        }

        @Override
        public PreparedMessage begin(Position position, boolean recovered) {
            return PreparedMessage.text((recovered ? "recovered " : "new ") + position);
        }
    }

    /** A client, which connects to one node and then to the other. */
    private static final class Client {
        final List<FakeConnection> connections = new ArrayList<>();
        int read;

        @Nullable
        Position position;

        @Nullable
        FakeConnection current() {
            return connections.isEmpty() ? null : connections.get(connections.size() - 1);
        }

        private static boolean isNewEpoch(Position before, Position now) {
            return !now.epoch().equals(before.epoch());
        }

        /** Reads the received messages, and checks that they continue the earlier ones. */
        void read() {
            FakeConnection connection = current();
            for (; connection != null && read < connection.received.size(); read++) {
                String text = connection.received.get(read);
                Position before = position;
                if (text.startsWith("recovered ")) {
                    assertEquals(0, read, "not the first message");
                    assertEquals(before, Position.parse(text.substring(10)), "recovered from another position");
                } else if (text.startsWith("new ")) {
                    assertEquals(0, read, "not the first message");
                    position = Position.parse(text.substring(4));
                } else {
                    Position now = Position.parse(text);
                    assertTrue(
                            before != null && now.offset() == (isNewEpoch(before, now) ? 1 : before.offset() + 1),
                            () -> now + " follows " + before);
                    position = now;
                }
            }
        }
    }

    private static final class Cluster {
        final LocalBackbone store;
        final List<SteppedBackbone> nodes = new ArrayList<>();
        final List<ClusterTopics> topics = new ArrayList<>();
        final List<ManualLoop> loops = List.of(new ManualLoop(), new ManualLoop());
        final List<Client> clients = new ArrayList<>();

        Cluster(int history) {
            store = LocalBackbone.create(new HistoryLimits(history, 1 << 20, 10));
            for (int i = 0; i < NODES; i++) {
                nodes.add(new SteppedBackbone(store.node()));
                topics.add(ClusterTopics.over(nodes.get(i), new Positions()));
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Client());
            }
        }

        /** The node of a client's newest connection. */
        int node(int index) {
            return (index + clients.get(index).connections.size()) % NODES;
        }

        void perform(Action action) {
            int index = action.index();
            Client client = clients.get(index);
            FakeConnection connection = client.current();
            switch (action.call()) {
                case CONNECT -> connect(index);
                case PUBLISH -> topics.get(index % NODES).publishText("room", "x");
                case UNSUBSCRIBE -> {
                    if (connection != null) {
                        topics.get(node(index)).unsubscribe("room", connection.webSocket);
                        end(index);
                    }
                }
                case UNSUBSCRIBE_ON_LOOP -> {
                    if (connection != null) {
                        loop(index).event(() -> topics.get(node(index)).unsubscribe("room", connection.webSocket));
                        int received = connection.received.size();
                        loops.forEach(ManualLoop::drain);
                        assertEquals(received, connection.received.size(), "received after unsubscribing");
                        end(index);
                    }
                }
                case LOSE -> end(index);
                case STEP_LOOP -> loop(index).step();
                case STEP_LIVE -> nodes.get(index % NODES).stepLive();
                case STEP_REQUESTS -> nodes.get(index % NODES).stepRequests();
                case CUT_OFF -> nodes.get(index % NODES).continueOn(LocalBackbone.create());
                case RECONNECT -> nodes.get(index % NODES).loseTopics(store.node());
            }
            clients.forEach(Client::read);
        }

        private ManualLoop loop(int index) {
            return loops.get(node(index));
        }

        private void connect(int index) {
            Client client = clients.get(index);
            if (client.current() != null && client.current().state == ReadyState.OPEN) {
                return;
            }
            client.read = 0;
            FakeConnection connection = new FakeConnection(loops.get((node(index) + 1) % NODES));
            client.connections.add(connection);
            ClusterTopics here = topics.get(node(index));
            if (client.position == null) {
                here.subscribe("room", connection.webSocket);
            } else {
                here.resume("room", connection.webSocket, client.position);
            }
        }

        /** Loses the connection with all unread messages. */
        private void end(int index) {
            FakeConnection connection = clients.get(index).current();
            if (connection != null && connection.state == ReadyState.OPEN) {
                clients.get(index).read();
                loop(index).event(connection::end);
            }
        }

        void drain() {
            boolean moved;
            do {
                moved = false;
                for (int i = 0; i < NODES; i++) {
                    moved |= nodes.get(i).stepLive();
                    moved |= nodes.get(i).stepRequests();
                    moved |= loops.get(i).drain() > 0;
                }
                clients.forEach(Client::read);
            } while (moved);
        }

        Position end() {
            return store.replay("room", new Position("none", 0))
                    .toCompletableFuture()
                    .join()
                    .end();
        }
    }

    @Property(tries = 1500)
    void aClientGetsEverythingBehindItsPositionInOrderAndOnce(@ForAll("actions") List<Action> actions) {
        Cluster cluster = new Cluster(1_000);
        actions.forEach(cluster::perform);
        cluster.drain();
        for (Client client : cluster.clients) {
            FakeConnection connection = client.current();
            if (connection != null && connection.state == ReadyState.OPEN) {
                assertEquals(cluster.end(), client.position);
            }
            for (int i = 1; i < client.connections.size(); i++) {
                List<String> received = client.connections.get(i).received;
                boolean wasSubscribed =
                        client.connections.subList(0, i).stream().anyMatch(before -> !before.received.isEmpty());
                assertTrue(
                        received.isEmpty() || !wasSubscribed || received.get(0).startsWith("recovered "),
                        () -> "a history that long forgets nothing: " + received);
            }
        }
    }

    @Property(tries = 1000)
    void aShortHistoryRecoversAllOrReportsThatItCannot(@ForAll("actions") List<Action> actions) {
        Cluster cluster = new Cluster(2);
        actions.forEach(cluster::perform);
        cluster.drain();
        for (Client client : cluster.clients) {
            FakeConnection connection = client.current();
            if (connection != null && connection.state == ReadyState.OPEN) {
                assertEquals(cluster.end(), client.position);
            }
        }
    }

    @Property(tries = 1500)
    void aNodeThatIsCutOffContinuesInAHistoryOfItsOwn(@ForAll("actionsWithAbsences") List<Action> actions) {
        Cluster cluster = new Cluster(1_000);
        actions.forEach(cluster::perform);
        for (int i = 0; i < NODES; i++) {
            cluster.perform(new Action(Call.RECONNECT, i));
        }
        for (int i = 0; i < CLIENTS; i++) {
            cluster.perform(new Action(Call.CONNECT, i));
        }
        cluster.drain();
        cluster.perform(new Action(Call.PUBLISH, 0));
        cluster.drain();
        for (Client client : cluster.clients) {
            FakeConnection connection = client.current();
            assertTrue(connection != null && connection.state == ReadyState.OPEN);
            assertEquals(cluster.end(), client.position);
        }
    }

    @Property(tries = 500)
    void aNodeWithoutSubscribersReleasesItsTopic(@ForAll("actions") List<Action> actions) {
        Cluster cluster = new Cluster(5);
        actions.forEach(cluster::perform);
        for (int i = 0; i < CLIENTS; i++) {
            cluster.perform(new Action(i % 2 == 0 ? Call.LOSE : Call.UNSUBSCRIBE, i));
        }
        cluster.drain();
        for (int i = 0; i < NODES; i++) {
            assertTrue(cluster.topics.get(i).isEmpty(), "a room is kept");
            assertTrue(cluster.nodes.get(i).open.isEmpty(), "a topic is open");
        }
    }
}
