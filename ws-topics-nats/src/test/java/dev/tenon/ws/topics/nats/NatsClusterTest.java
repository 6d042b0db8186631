package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three servers with a stream of three replicas, of which the one that leads the stream is killed. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Tag("once")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsClusterTest {
    private static final int SERVERS = 3;
    private static final int MESSAGES = 20;
    private static final NatsStream STREAM =
            new NatsStream("cluster", 1_000, Duration.ofHours(1), Duration.ofMinutes(2), SERVERS, false);

    /** A node on a cluster, which refuses until its servers have found each other. */
    static NatsBackbone node(Connection connection, NatsStream stream) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return NatsBackbone.over(connection, stream, OutagePolicy.REFUSE);
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** The server that leads a stream. */
    static NatsServer leader(Connection connection, String stream, List<NatsServer> servers) throws Exception {
        String leader = connection
                .jetStreamManagement()
                .getStreamInfo(stream)
                .getClusterInfo()
                .getLeader();
        return servers.stream()
                .filter(each -> each.name().equals(leader))
                .findFirst()
                .orElseThrow();
    }

    /** Makes a request again until it succeeds. */
    static <T> T atLast(Supplier<CompletionStage<T>> request) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return get(request.get());
            } catch (ExecutionException away) {
                assertInstanceOf(IOException.class, away.getCause());
                assertTrue(System.nanoTime() < end, "no server leads the stream: " + away);
            }
        }
    }

    private static List<Position> publishAll(Backbone node, String text) throws Exception {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            KeyedMessage message = KeyedMessage.text(text + " " + i, text);
            positions.add(atLast(() -> node.publish("topic", message)));
        }
        return positions;
    }

    @Test
    void theServerThatLeadsTheStreamIsKilledAndNoMessageIsLostOrDoubled() throws Exception {
        List<NatsServer> servers = NatsServer.startCluster(SERVERS);
        List<Connection> connections = new ArrayList<>();
        try {
            List<NatsBackbone> nodes = new ArrayList<>();
            List<TopicRecorder> readers = new ArrayList<>();
            for (NatsServer first : servers) { // each node is connected to another server
                connections.add(NatsServer.connect(first, servers));
                nodes.add(node(connections.get(connections.size() - 1), STREAM));
            }
            for (NatsBackbone node : nodes) {
                readers.add(TopicRecorder.open(node, "topic"));
            }
            List<Position> published = publishAll(nodes.get(0), "before");
            leader(connections.get(0), STREAM.name(), servers).kill();
            for (NatsBackbone node : nodes) {
                published.addAll(publishAll(node, "after " + nodes.indexOf(node)));
            }
            for (TopicRecorder reader : readers) {
                reader.awaitAll(published);
            }
            // For half a minute the servers may give the consumer of a replay to the killed one, which fails.
            Replay replay = atLast(() -> nodes.get(1).replay("topic", published.get(0)));
            assertTrue(replay.recovered());
            assertEquals(
                    published.subList(1, published.size()),
                    replay.entries().stream().map(Entry::position).toList());
            nodes.forEach(NatsBackbone::close);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
            for (NatsServer server : servers) {
                server.close();
            }
        }
    }
}
