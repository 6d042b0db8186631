package dev.tenon.ws.conformance.cluster;

import static dev.tenon.ws.conformance.cluster.ClusterProcesses.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.client.WebSocketClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the chat of {@code examples/cluster} and kills and stops its processes while one client sends and others read.
 * In the end each client has received every message once, all in the same order. A normal build kills a node twice;
 * {@code -Dcluster.kills=100} does so more often, and stops processes too.
 */
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterIT {
    private static final int READERS = 10;
    private static final int IN_FLIGHT = 20;
    /** The pause between two messages. It keeps the messages of an hour within the memory of this test. */
    private static final long PAUSE_NANOS = 4_000_000;

    /** The number of messages that the sender sends in a row before the room has sent them back. */
    private static final int BURST = 10;

    private static final int PROGRESS = 50;

    @TempDir
    Path folder;

    /** The long test takes minutes, so it runs only if the property asks for it. */
    static void assumeEnabled() {
        assumeTrue(
                System.getProperty("cluster.kills") != null,
                "NOT TESTED: this case of a cluster runs with -Dcluster.kills=5 only");
    }

    /** One client that sends all the time, and some clients that read. */
    private static final class Crowd implements AutoCloseable {
        final Participant sender;
        final List<Participant> all = new ArrayList<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread sending;
        private int sent;

        Crowd(WebSocketClient client, ClusterProcesses cluster) throws Exception {
            for (int i = 0; i <= READERS; i++) {
                all.add(new Participant(client, cluster.servers(), "oak", "user-" + (10 + i)));
            }
            sender = all.get(0);
            await("not all have subscribed", () -> all.stream().allMatch(Participant::isSubscribed));
            sending = new Thread(this::send, "sender");
            sending.start();
        }

        private void send() {
            while (!stopped.get()) {
                if (sender.unsent() < IN_FLIGHT) {
                    sender.say("message-" + sent++);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        /** Waits until each client has received further messages. */
        void progress() throws Exception {
            List<Integer> before = all.stream().map(Participant::count).toList();
            await(() -> "a client gets nothing any more: " + all, () -> {
                boolean progress = true;
                for (int i = 0; i < before.size(); i++) {
                    progress &= all.get(i).count() >= before.get(i) + PROGRESS;
                }
                return progress;
            });
        }

        /** Stops the sender, and checks what all clients have received. */
        void check() throws Exception {
            stopped.set(true);
            sending.join();
            await(() -> "a message was not published: " + sender, () -> sender.unsent() == 0);
            await("a client has not got the last message", () -> all.stream().allMatch(each -> each.count() >= sent));
            List<String> order = sender.received();
            assertEquals(sent, order.size(), "messages that the sender has got, each once");
            assertEquals(sent, order.stream().distinct().count(), "different messages");
            for (Participant each : all) {
                assertEquals(order, each.received());
                assertEquals(0, each.notRecovered());
            }
            System.out.println(sent + " messages, " + all.size() + " clients, "
                    + all.stream().mapToInt(Participant::subscriptions).sum() + " subscriptions: 0 lost, 0 twice");
        }

        @Override
        public void close() {
            stopped.set(true);
            all.forEach(Participant::leave);
        }
    }

    @Test
    void aNodeIsKilledAgainAndAgain() throws Exception {
        try (ClusterProcesses cluster = new ClusterProcesses(folder, 50_000);
                WebSocketClient client = WebSocketClient.create();
                Crowd crowd = new Crowd(client, cluster)) {
            long slowest = 0;
            for (int i = 0; i < Integer.getInteger("cluster.kills", 2); i++) {
                String node = i % 2 == 0 ? "one" : "two";
                crowd.progress();
                long start = System.nanoTime();
                cluster.killAndReplace(node);
                crowd.progress();
                slowest = Math.max(slowest, System.nanoTime() - start);
                cluster.awaitNode(node);
            }
            System.out.println("the slowest recovery of all clients took " + slowest / 1_000_000 + " ms");
            crowd.check();
            HttpClient http = HttpClient.newHttpClient();
            List<String> present =
                    crowd.all.stream().map(Participant::name).sorted().toList();
            await(
                    "the room does not know who is in it",
                    () -> http.send(
                                    HttpRequest.newBuilder(cluster.members("oak"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body()
                            .lines()
                            .toList()
                            .equals(present));
        }
    }

    @Test
    void natsIsKilledAndStopped() throws Exception {
        assumeEnabled();
        try (ClusterProcesses cluster = new ClusterProcesses(folder, 50_000);
                WebSocketClient client = WebSocketClient.create();
                Crowd crowd = new Crowd(client, cluster)) {
            crowd.progress();
            cluster.killAndReplace("nats");
            crowd.progress();
            int before = crowd.sender.subscriptions();
            cluster.signal("nats", "STOP");
            try {
                await(
                        "the sender does not notice",
                        () -> !crowd.sender.isSubscribed() || crowd.sender.subscriptions() > before);
            } finally {
                cluster.signal("nats", "CONT");
            }
            crowd.progress();
            crowd.check();
        }
    }

    @Test
    void aNodeIsStoppedAndGoesOn() throws Exception {
        assumeEnabled();
        try (ClusterProcesses cluster = new ClusterProcesses(folder, 50_000);
                WebSocketClient client = WebSocketClient.create();
                Crowd crowd = new Crowd(client, cluster)) {
            for (String node : List.of("one", "two")) {
                crowd.progress();
                cluster.signal(node, "STOP");
                try {
                    crowd.progress();
                } finally {
                    cluster.signal(node, "CONT");
                }
                cluster.awaitNode(node);
            }
            crowd.check();
        }
    }

    private static void sayAndWait(Participant sender, String text, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            sender.say(text + "-" + i);
        }
        await(() -> "a message was not published: " + sender, () -> sender.unsent() == 0);
    }

    @Test
    void aClientThatWasAwayForLongerThanTheHistoryIsNotifiedOfTheGap() throws Exception {
        try (ClusterProcesses cluster = new ClusterProcesses(folder, 20);
                WebSocketClient client = WebSocketClient.create()) {
            Participant sender = new Participant(client, cluster.servers(), "elm", "sender");
            Participant reader = new Participant(client, cluster.servers(), "elm", "reader");
            await("not all have subscribed", () -> sender.isSubscribed() && reader.isSubscribed());
            sender.say("first");
            await("the first message is lost", () -> reader.count() == 1);
            reader.leave();
            await("the reader is still there", () -> !reader.isSubscribed());
            sayAndWait(sender, "short", BURST);
            reader.comeBack();
            await("the reader has missed something", () -> reader.count() == 1 + BURST);
            assertEquals(0, reader.notRecovered());
            reader.leave();
            await("the reader is still there", () -> !reader.isSubscribed());
            // Sends no more messages at a time than the history holds: otherwise the sender itself may not get all of
            // them back.
            for (int i = 0; i < 3; i++) {
                sayAndWait(sender, "long-" + i, BURST);
            }
            reader.comeBack();
            await("the reader does not come back", reader::isSubscribed);
            assertEquals(1, reader.notRecovered());
            sender.say("last");
            await("the last message is lost", () -> reader.count() == 2 + BURST);
            assertTrue(reader.received().contains("last"));
        }
    }
}
