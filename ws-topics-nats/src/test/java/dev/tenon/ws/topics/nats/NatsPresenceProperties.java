package dev.tenon.ws.topics.nats;

import dev.tenon.ws.testkit.PresenceCluster;
import dev.tenon.ws.testkit.PresenceLaws;
import dev.tenon.ws.topics.Presence;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Presence over NATS obeys the laws: a real server, and a connection for each node. */
class NatsPresenceProperties extends PresenceLaws {
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static @Nullable NatsServer server;

    @BeforeContainer
    static void start() throws Exception {
        server = NatsServer.start();
    }

    @AfterContainer
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected PresenceCluster cluster() throws Exception {
        NatsServer running = server;
        if (running == null) {
            throw new TestAbortedException("nats-server is not installed");
        }
        String name = "presence-" + CLUSTERS.incrementAndGet();
        List<Connection> connections = new ArrayList<>();
        List<Presence> nodes = new ArrayList<>();
        for (int i = 0; i < PresenceCluster.NODES; i++) {
            connections.add(running.connect());
            nodes.add(NatsPresence.over(connections.get(i), name, Duration.ofSeconds(1)));
        }
        return new PresenceCluster() {
            @Override
            public Presence node(int index) {
                return nodes.get(index);
            }

            @Override
            public void kill(int index) throws Exception {
                connections.get(index).close();
            }

            @Override
            public void close() {
                nodes.forEach(Presence::close);
                try {
                    for (Connection connection : connections) {
                        connection.close();
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    // There are fewer tries than in memory, because each creates streams and connections.

    @Override
    @Property(tries = 15)
    public void allWatchersEndWithTheMembersThatAreThere(@ForAll("steps") List<Integer> steps) throws Exception {
        super.allWatchersEndWithTheMembersThatAreThere(steps);
    }

    @Override
    @Property(tries = 5)
    public void aWatchBeginsWithThoseWhoAreThere(@ForAll("few") int members) throws Exception {
        super.aWatchBeginsWithThoseWhoAreThere(members);
    }
}
