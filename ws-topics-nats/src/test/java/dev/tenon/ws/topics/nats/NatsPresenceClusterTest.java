package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tenon.ws.topics.Presence;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three servers, of which the one with the heartbeats is killed while the nodes are connected to the others. */
@Tag("once")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsPresenceClusterTest {
    private static final int SERVERS = 3;
    private static final Duration DEAD_AFTER = Duration.ofSeconds(2);

    private final List<Connection> connections = new ArrayList<>();
    private final List<Presence> nodes = new ArrayList<>();
    private final QueueingWatcher watcher = new QueueingWatcher();
    private List<NatsServer> servers = List.of();

    @BeforeEach
    void start() throws Exception {
        servers = NatsServer.startCluster(SERVERS);
    }

    @AfterEach
    void stop() throws Exception {
        nodes.forEach(Presence::close);
        for (Connection connection : connections) {
            connection.close();
        }
        for (NatsServer server : servers) {
            server.close();
        }
    }

    private Connection connect(NatsServer server) throws Exception {
        connections.add(NatsServer.connect(server, servers));
        return connections.get(connections.size() - 1);
    }

    /** A node on a cluster, which refuses until its servers have found each other. */
    private NatsPresence node(Connection connection, int replicas) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                NatsPresence node = NatsPresence.over(connection, "presence", DEAD_AFTER, replicas);
                nodes.add(node);
                return node;
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Creates the streams; returns the server that leads the one of the heartbeats. */
    private NatsServer leader(int replicas) throws Exception {
        Connection connection = connect(servers.get(0));
        node(connection, replicas);
        String leader = connection
                .jetStreamManagement()
                .getStreamInfo("presence-nodes")
                .getClusterInfo()
                .getLeader();
        return servers.stream()
                .filter(each -> each.name().equals(leader))
                .findFirst()
                .orElseThrow();
    }

    /** Starts two nodes on the other servers; the first one watches a member of the second, which is returned. */
    private Presence startNodes(NatsServer leader, int replicas) throws Exception {
        List<NatsServer> others =
                servers.stream().filter(each -> each != leader).toList();
        Presence here = node(connect(others.get(0)), replicas);
        Presence there = node(connect(others.get(1)), replicas);
        get(here.watch("oak", watcher));
        get(there.enter("oak", "ann").entered());
        assertEquals("+ann", watcher.next());
        return there;
    }

    @Test
    void withoutReplicasNoMemberLeavesUntilTheServerIsBack() throws Exception {
        NatsServer leader = leader(1);
        Presence there = startNodes(leader, 1);
        leader.kill();
        String next = watcher.events.poll(3 * DEAD_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        assertNull(next, "a member of a living node");
        leader.startAgain();
        there.enter("oak", "bob"); // may fail, and is stored later
        assertEquals("+bob", watcher.next());
        checkThatACrashIsFound();
    }

    @Test
    void withReplicasTheOthersContinue() throws Exception {
        NatsServer leader = leader(SERVERS);
        Presence there = startNodes(leader, SERVERS);
        leader.kill();
        there.enter("oak", "bob"); // may fail, and is stored later
        assertEquals("+bob", watcher.next());
        checkThatACrashIsFound();
    }

    /** Ends the connection of the second node, without an announcement. */
    private void checkThatACrashIsFound() throws Exception {
        connections.get(connections.size() - 1).close();
        Set<String> left = new HashSet<>();
        left.add(watcher.next());
        left.add(watcher.next());
        assertEquals(Set.of("-ann", "-bob"), left);
    }
}
