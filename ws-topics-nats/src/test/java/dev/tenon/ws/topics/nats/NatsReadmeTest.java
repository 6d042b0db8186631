package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of README.md, word for word. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsReadmeTest {
    static ClusterTopics topics(Connection nats) throws IOException {
        NatsStream stream = NatsStream.named("rooms"); // 1,000 messages of each topic, for an hour
        Backbone backbone = NatsBackbone.over(nats, stream, OutagePolicy.REFUSE);
        return ClusterTopics.over(backbone, Envelope.json());
    }

    @Test
    void itPublishes() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            long offset = topics(connection)
                    .publishText("oak", "hello")
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS)
                    .offset();
            assertEquals(1, offset);
        }
    }
}
