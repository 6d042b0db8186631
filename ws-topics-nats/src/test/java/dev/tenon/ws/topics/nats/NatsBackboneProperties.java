package dev.tenon.ws.topics.nats;

import dev.tenon.ws.testkit.BackboneCluster;
import dev.tenon.ws.testkit.BackboneLaws;
import dev.tenon.ws.topics.Backbone;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** JetStream obeys the laws: a real server, and a connection for each node. */
class NatsBackboneProperties extends BackboneLaws {
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final List<Connection> CONNECTIONS = new ArrayList<>();
    private static @Nullable NatsServer server;

    @BeforeContainer
    static void start() throws Exception {
        NatsServer started = NatsServer.start();
        server = started;
        for (int i = 0; i < BackboneCluster.NODES; i++) {
            CONNECTIONS.add(started.connect());
        }
    }

    @AfterContainer
    static void stop() throws Exception {
        for (Connection connection : CONNECTIONS) {
            connection.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected BackboneCluster cluster() throws IOException {
        NatsServer running = server;
        if (running == null) {
            throw new TestAbortedException("nats-server is not installed");
        }
        NatsStream stream = NatsStream.named("laws-" + CLUSTERS.incrementAndGet());
        List<NatsBackbone> nodes = new ArrayList<>();
        for (Connection connection : CONNECTIONS) {
            nodes.add(NatsBackbone.over(connection, stream, OutagePolicy.REFUSE));
        }
        return new BackboneCluster() {
            @Override
            public Backbone node(int index) {
                return nodes.get(index);
            }

            @Override
            public boolean restart() throws Exception {
                running.stop();
                running.startAgain();
                return await(() -> CONNECTIONS.stream()
                        .allMatch(connection -> connection.getStatus() == Connection.Status.CONNECTED));
            }

            @Override
            public void close() {
                nodes.forEach(NatsBackbone::close);
                try {
                    CONNECTIONS.get(0).jetStreamManagement().deleteStream(stream.name());
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            }
        };
    }

    // There are fewer tries than in memory, because each creates a stream.

    @Override
    @Property(tries = 15)
    public void allNodesReceiveAllMessagesInOneOrder(@ForAll("steps") List<Integer> steps) throws Exception {
        super.allNodesReceiveAllMessagesInOneOrder(steps);
    }

    @Override
    @Property(tries = 15)
    public void aPositionNamesOneMessage(@ForAll("steps") List<Integer> steps) throws Exception {
        super.aPositionNamesOneMessage(steps);
    }

    @Override
    @Property(tries = 15)
    public void oneKeyIsOneMessage(@ForAll("steps") List<Integer> steps) throws Exception {
        super.oneKeyIsOneMessage(steps);
    }

    @Override
    @Property(tries = 15)
    public void aReplayHoldsAllBehindItsPosition(@ForAll("steps") List<Integer> steps) throws Exception {
        super.aReplayHoldsAllBehindItsPosition(steps);
    }

    @Override
    @Property(tries = 2)
    public void aRestartRecoversAllOrNothing(@ForAll("few") int count) throws Exception {
        super.aRestartRecoversAllOrNothing(count);
    }
}
