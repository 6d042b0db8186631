package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.NatsClusterTest.atLast;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The only server that holds the stream loses its newest messages while the node is connected to another one, so nothing breaks
 * the node's connection.
 */
@Tag("once")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsClusterLossTest {
    private final List<Connection> connections = new ArrayList<>();
    private List<NatsServer> servers = List.of();

    @AfterEach
    void stop() throws Exception {
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

    private static Position publish(NatsBackbone node, String topic, int number) throws Exception {
        KeyedMessage message = KeyedMessage.text("message " + number, "x");
        return atLast(() -> node.publish(topic, message));
    }

    private static TopicRecorder openAtLast(NatsBackbone node, String topic) throws Exception {
        TopicRecorder recorder = new TopicRecorder();
        atLast(() -> node.open(topic, recorder));
        return recorder;
    }

    @Test
    void topicsAreLostWhetherTheyHaveNewMessagesOrNot() throws Exception {
        servers = NatsServer.startCluster(3);
        NatsStream stream = new NatsStream("cluster", 1_000, Duration.ofHours(1), Duration.ofMinutes(2), 1, false);
        NatsClusterTest.node(connect(servers.get(0)), stream).close();
        NatsServer leader = NatsClusterTest.leader(connections.get(0), "cluster", servers);
        NatsServer other =
                servers.stream().filter(each -> each != leader).findFirst().orElseThrow();
        try (NatsBackbone node = NatsClusterTest.node(connect(other), stream)) {
            publish(node, "topic", 0);
            leader.stop();
            leader.backUp();
            leader.startAgain();
            publish(node, "topic", 1);
            TopicRecorder busy = openAtLast(node, "topic");
            TopicRecorder quiet = openAtLast(node, "quiet");
            List<Position> before = new ArrayList<>();
            for (int i = 2; i < 12; i++) {
                before.add(publish(node, "topic", i));
            }
            busy.awaitAll(before);
            quiet.awaitEnd(publish(node, "quiet", 12));
            leader.kill();
            leader.restore();
            leader.startAgain();
            for (int i = 13; i < 50; i++) {
                publish(node, "topic", i);
            }
            assertInstanceOf(IOException.class, busy.lost.get(60, TimeUnit.SECONDS));
            assertEquals(before, busy.received(), "messages behind a gap");
            assertInstanceOf(IOException.class, quiet.lost.get(60, TimeUnit.SECONDS));
            openAtLast(node, "topic").awaitAll(List.of(publish(node, "topic", 50)));
        }
    }
}
