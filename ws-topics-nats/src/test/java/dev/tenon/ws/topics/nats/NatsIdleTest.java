package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Measures what open topics without messages cost, with {@code -Didle.topics=10000}. Prints the figures of the README.
 */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@EnabledIfSystemProperty(
        named = "idle.topics",
        matches = "\\d+",
        disabledReason = "it measures only with -Didle.topics=10000")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsIdleTest {
    private static final int SECONDS = 60;

    private static final class Ignored implements Backbone.Receiver {
        @Override
        public void received(Entry entry) {}

        @Override
        public void lost(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    /** What the node and the server have used so far: CPU time in seconds, memory in bytes, and messages to the node. */
    private record Usage(double node, double server, long heap, long serverMemory, long messages) {
        static Usage now(NatsServer server, Connection connection) throws Exception {
            long heap = usedHeap(); // first, because a collection takes CPU time
            return new Usage(
                    cpu(ProcessHandle.current().pid()),
                    cpu(server.pid()),
                    heap,
                    memory(server.pid()),
                    connection.getStatistics().getInMsgs());
        }

        private static double cpu(long process) {
            return ProcessHandle.of(process)
                            .flatMap(handle -> handle.info().totalCpuDuration())
                            .orElseThrow()
                            .toMillis()
                    / 1e3;
        }

        private static long usedHeap() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        private static long memory(long process) throws Exception {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void topicsWithoutMessagesCostLittle() throws Exception {
        int topics = Integer.getInteger("idle.topics");
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("idle"), OutagePolicy.REFUSE)) {
            node.open("first", new Ignored()).toCompletableFuture().get(30, TimeUnit.SECONDS);
            Usage before = Usage.now(server, connection);
            long start = System.nanoTime();
            open(node, topics);
            double seconds = (System.nanoTime() - start) / 1e9;
            Usage opened = Usage.now(server, connection);
            System.out.printf(
                    "%d topics open after %.1f s: %.1f s of CPU in the node, %.1f s in the server; each %d bytes of heap, %d in the server%n",
                    topics,
                    seconds,
                    opened.node - before.node,
                    opened.server - before.server,
                    (opened.heap - before.heap) / topics,
                    (opened.serverMemory - before.serverMemory) / topics);
            TimeUnit.SECONDS.sleep(10); // the server removes what opening has needed
            Usage quiet = Usage.now(server, connection);
            TimeUnit.SECONDS.sleep(SECONDS);
            Usage later = Usage.now(server, connection);
            double nodeShare = 100 * (later.node - quiet.node) / SECONDS;
            System.out.printf(
                    "then, of a core: %.1f %% in the node, %.1f %% in the server; %d messages a second to the node%n",
                    nodeShare,
                    100 * (later.server - quiet.server) / SECONDS,
                    (later.messages - quiet.messages) / SECONDS);
            assertTrue(nodeShare < 5, nodeShare + " % of a core");
        }
    }

    private static void open(Backbone node, int topics) throws Exception {
        List<CompletableFuture<Position>> opened = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            opened.add(node.open("topic " + i, new Ignored()).toCompletableFuture());
        }
        for (CompletableFuture<Position> each : opened) {
            each.get(120, TimeUnit.SECONDS);
        }
    }
}
