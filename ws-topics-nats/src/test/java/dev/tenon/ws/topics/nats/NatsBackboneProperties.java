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

/** JetStream obeys the laws: a real server, and a connection for each node, one of them by a link that can be cut. */
class NatsBackboneProperties extends BackboneLaws {
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final List<Connection> CONNECTIONS = new ArrayList<>();
    /** The index of the node that can be disconnected. */
    private static final int FAR = 1;

    private static @Nullable NatsServer server;
    private static @Nullable TcpLink link;

    @BeforeContainer
    static void start() throws Exception {
        NatsServer started = NatsServer.start();
        TcpLink far = new TcpLink(started.port());
        server = started;
        link = far;
        for (int i = 0; i < BackboneCluster.NODES; i++) {
            CONNECTIONS.add(NatsServer.connect(i == FAR ? far.port() : started.port()));
        }
    }

    @AfterContainer
    static void stop() throws Exception {
        for (Connection connection : CONNECTIONS) {
            connection.close();
        }
        if (link != null) {
            link.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected BackboneCluster cluster() throws IOException {
        NatsServer running = server;
        TcpLink far = link;
        if (running == null || far == null) {
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
            public boolean partition(int index, boolean cut) {
                if (index != FAR) {
                    return false;
                }
                if (cut) {
                    far.cut();
                } else {
                    far.heal();
                }
                Outage.await(CONNECTIONS.get(FAR), !cut);
                return true;
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
    public void aReplayHasAllMessagesAfterItsPosition(@ForAll("steps") List<Integer> steps) throws Exception {
        super.aReplayHasAllMessagesAfterItsPosition(steps);
    }

    @Override
    @Property(tries = 3)
    public void aPartitionLosesNothingInSilence(@ForAll("few") int count) throws Exception {
        super.aPartitionLosesNothingInSilence(count);
    }

    @Override
    @Property(tries = 2)
    public void aRestartRecoversAllOrNothing(@ForAll("few") int count) throws Exception {
        super.aRestartRecoversAllOrNothing(count);
    }
}
