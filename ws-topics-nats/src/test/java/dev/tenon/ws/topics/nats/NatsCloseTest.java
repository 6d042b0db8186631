package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.open;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing of a closed node is left in the process or on the server, although its connection stays open. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsCloseTest {
    private static final NatsStream STREAM = NatsStream.named("close");

    private static void await(Callable<Boolean> condition, String otherwise) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, otherwise);
            Thread.onSpinWait();
        }
    }

    private static boolean isCollected(WeakReference<?> reference) {
        System.gc();
        return reference.get() == null;
    }

    /** Opens two topics of a node, uses them, and closes the node, also on the server's side if that is there. */
    private static WeakReference<NatsBackbone> closedNode(NatsServer server, Connection connection, boolean away)
            throws Exception {
        NatsBackbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE);
        TopicRecorder quiet = open(node, "quiet");
        TopicRecorder busy = open(node, "busy");
        Markers.await(node);
        Position first = burst(node, "quiet", 1).get(0);
        List<Position> published = burst(node, "busy", 3);
        burst(node, "quiet", 1); // behind a gap
        busy.awaitAll(published);
        get(node.replay("quiet", first));
        assertTrue(
                connection.jetStreamManagement().getConsumerNames(STREAM.name()).size() >= 2);
        if (away) {
            server.stop();
            Outage.await(connection, false);
        }
        node.close();
        assertTrue(!quiet.lost.isDone() && !busy.lost.isDone());
        return new WeakReference<>(node);
    }

    @Test
    void aClosedNodeIsUnreachableAndHasNoThreadAndNoConsumer() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            WeakReference<NatsBackbone> closed = closedNode(server, connection, false);
            await(() -> isCollected(closed), "the closed node is reachable");
            await(
                    () -> connection.jetStreamManagement().getConsumers(STREAM.name()).stream()
                            .noneMatch(ConsumerInfo::isPushBound), // the server removes the others after five seconds
                    "the server still sends to the closed node");
            await(
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("tenon-nats")),
                    "the closed node has a thread");
        }
    }

    @Test
    void aNodeThatIsClosedWhileNatsIsAwayIsUnreachable() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            WeakReference<NatsBackbone> closed = closedNode(server, connection, true);
            await(() -> isCollected(closed), "the closed node is reachable");
        }
    }

    @Test
    void aTaskThatIsToRunLaterKeepsNoThread() throws Exception {
        SerialTasks tasks = new SerialTasks("serial");
        CompletableFuture<Thread> started = new CompletableFuture<>();
        get(tasks.run(() -> started.complete(Thread.currentThread())));
        Thread thread = started.join();
        tasks.runLater(() -> {}, Duration.ofHours(1));
        tasks.shutdown();
        await(() -> !thread.isAlive(), "the thread waits for the task");
    }
}
