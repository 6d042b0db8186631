package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Presence;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Subscription;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Presence while NATS stops and comes back, and its decisions about time. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsPresenceTest {
    private static final Duration DEAD_AFTER = Duration.ofSeconds(1);
    private static final Duration BRIEF = Duration.ofMillis(300);

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void membersStayWhileNatsIsAwayAndChangesAreReportedAfterwards(Outage outage) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection one = server.connect();
                Connection two = server.connect();
                Presence here = NatsPresence.over(one, "presence", DEAD_AFTER);
                Presence there = NatsPresence.over(two, "presence", DEAD_AFTER)) {
            QueueingWatcher watcher = new QueueingWatcher();
            get(here.watch("oak", watcher));
            get(there.enter("oak", "ann").entered());
            Presence.Stay bob = there.enter("oak", "bob");
            get(bob.entered());
            assertEquals(List.of("+ann", "+bob"), List.of(watcher.next(), watcher.next()));
            outage.begin(server, one);
            Outage.await(two, false);
            assertTrue(bob.leave().toCompletableFuture().isCompletedExceptionally());
            assertTrue(there.enter("oak", "cid").entered().toCompletableFuture().isCompletedExceptionally());
            outage.end(server);
            assertEquals(Set.of("-bob", "+cid"), new HashSet<>(List.of(watcher.next(), watcher.next())));
            assertEquals(Set.of("ann", "cid"), get(here.members("oak")));
            assertEquals(List.of(), List.copyOf(watcher.events), "ann has never been away");
        }
    }

    @Test
    void theMembersOfANodeThatClosesLeaveAtOnce() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection one = server.connect();
                Connection two = server.connect();
                Presence here = NatsPresence.over(one, "presence", Duration.ofHours(1))) {
            Presence there = NatsPresence.over(two, "presence", Duration.ofHours(1));
            QueueingWatcher watcher = new QueueingWatcher();
            get(here.watch("oak", watcher));
            get(there.enter("oak", "ann").entered());
            assertEquals("+ann", watcher.next());
            there.close();
            assertEquals("-ann", watcher.next());
        }
    }

    @Test
    void aLostReaderOfTheHeartbeatsIsReplacedAndNoMemberLeavesMeanwhile() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection one = server.connect();
                Presence here = NatsPresence.over(one, "presence", DEAD_AFTER)) {
            QueueingWatcher watcher = new QueueingWatcher();
            get(here.watch("oak", watcher));
            try (Connection ending = server.connect()) {
                Presence crashing = NatsPresence.over(ending, "presence", DEAD_AFTER);
                get(crashing.enter("oak", "ann").entered());
                assertEquals("+ann", watcher.next());
                JetStreamManagement management = one.jetStreamManagement();
                List<String> readers = management.getConsumerNames("presence-nodes");
                for (String reader : readers) {
                    management.deleteConsumer("presence-nodes", reader);
                }
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (management.getConsumerNames("presence-nodes").size() < readers.size()) {
                    assertTrue(System.nanoTime() < end, "the heartbeats are not read again");
                    Thread.onSpinWait();
                }
                assertEquals(List.of(), List.copyOf(watcher.events), "ann has never been away");
            }
            assertEquals("-ann", watcher.next());
        }
    }

    @Test
    void aWatcherThatThrowsEndsNoHeartbeats() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection one = server.connect();
                Connection two = server.connect();
                Presence here = NatsPresence.over(one, "presence", BRIEF);
                Presence there = NatsPresence.over(two, "presence", BRIEF)) {
            CountDownLatch thrown = new CountDownLatch(1);
            try (Connection ending = server.connect()) {
                Presence crashing = NatsPresence.over(ending, "presence", BRIEF);
                get(crashing.enter("oak", "cid").entered());
                get(here.watch("oak", new QueueingWatcher() {
                    @Override
                    public void left(String member) {
                        thrown.countDown();
                        throw new IllegalStateException("a fault of the application");
                    }
                }));
                assertEquals(Set.of("cid"), get(there.members("oak")));
            }
            assertTrue(thrown.await(60, TimeUnit.SECONDS), "the crashed node is not noticed");
            Subscription beats = two.subscribe("presence-nodes.*");
            Set<String> nodes = new HashSet<>();
            for (int i = 0; i < 20 && nodes.size() < 2; i++) {
                nodes.add(beats.nextMessage(Duration.ofSeconds(60)).getSubject());
            }
            assertEquals(2, nodes.size(), "a node sends no heartbeats any more");
        }
    }

    @Test
    void aWatcherThatThrowsIsToldTheOtherChangesToo() {
        List<String> left = new ArrayList<>();
        Set<String> dead = new HashSet<>();
        PresenceView view = new PresenceView(
                new QueueingWatcher() {
                    @Override
                    public void left(String member) {
                        left.add(member);
                        throw new IllegalStateException("a fault of the application");
                    }
                },
                node -> !dead.contains(node));
        view.changed("one", "ann", true);
        view.changed("one", "bob", true);
        dead.add("one");
        view.nodeGone("one");
        assertEquals(Set.of("ann", "bob"), Set.copyOf(left));
    }

    @Test
    void aPresenceThatCannotStartLeavesNoThread() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name("taken")
                            .subjects("presence.>")
                            .storageType(StorageType.Memory)
                            .build());
            int before = dispatchers();
            assertThrows(IOException.class, () -> NatsPresence.over(connection, "presence", BRIEF));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (dispatchers() > before) {
                assertTrue(System.nanoTime() < end, () -> dispatchers() + " threads, before " + before);
                Thread.onSpinWait();
            }
        }
    }

    private static int dispatchers() {
        return (int) Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith(".NatsDispatcher")))
                .count();
    }

    /** Looks while heartbeats of this node come back. */
    private static List<String> dead(LiveNodes nodes, long now) {
        nodes.beat("own", now);
        return nodes.look(true, now).dead();
    }

    @Test
    void aNodeIsDeadAfterItsTimeOnTheClockOfTheWatcher() {
        LiveNodes nodes = new LiveNodes("own", 100, 0);
        assertTrue(nodes.beat("a", 0));
        assertFalse(nodes.beat("a", 30));
        assertTrue(nodes.beat("b", 30));
        dead(nodes, 40);
        nodes.beat("b", 70);
        dead(nodes, 80);
        assertEquals(List.of(), dead(nodes, 130));
        assertEquals(List.of("a"), dead(nodes, 131));
        assertTrue(nodes.isAlive("b"));
        assertFalse(nodes.isAlive("a"));
        assertTrue(nodes.beat("a", 140));
    }

    @Test
    void nodesGetTheirTimeAnewWhenTheWatcherHasSleptOrWasCutOff() {
        LiveNodes nodes = new LiveNodes("own", 100, 0);
        nodes.beat("a", 0);
        dead(nodes, 20);
        assertEquals(List.of(), dead(nodes, 1_000), "this process was stopped");
        dead(nodes, 1_040);
        dead(nodes, 1_080);
        assertEquals(List.of("a"), dead(nodes, 1_101));
        nodes.beat("a", 1_101);
        for (long now = 1_120; now < 2_000; now += 40) {
            assertEquals(List.of(), nodes.look(false, now).dead(), "NATS is away");
        }
        assertTrue(nodes.isAlive("a"));
    }

    @Test
    void noNodeIsDeadWhileTheOwnHeartbeatsDoNotComeBack() {
        LiveNodes nodes = new LiveNodes("own", 100, 0);
        nodes.beat("a", 0);
        dead(nodes, 33);
        assertFalse(nodes.look(true, 66).interrupted());
        for (long now = 99; now < 2_000; now += 33) {
            assertEquals(new LiveNodes.Look(true, List.of()), nodes.look(true, now));
        }
        for (long now = 2_000; now < 2_066; now += 33) {
            assertEquals(List.of(), dead(nodes, now), "each node gets its time anew");
        }
        dead(nodes, 2_066);
        assertEquals(List.of("a"), dead(nodes, 2_099));
        assertTrue(nodes.isAlive("own"));
    }

    @Test
    void theEntriesOfANodeThatIsGoneAreNotKept() throws Exception {
        QueueingWatcher watcher = new QueueingWatcher();
        Set<String> alive = new HashSet<>(Set.of("one", "two"));
        PresenceView view = new PresenceView(watcher, alive::contains);
        view.changed("one", "ann", true);
        view.changed("one", "bob", true);
        view.changed("two", "bob", true);
        alive.remove("one");
        view.nodeGone("one");
        assertEquals(1, view.size());
        alive.add("one");
        view.nodeAlive("one");
        view.changed("one", "ann", true); // it stores its members again
        assertEquals(
                List.of("+ann", "+bob", "-ann", "+ann"),
                List.of(watcher.next(), watcher.next(), watcher.next(), watcher.next()));
        assertEquals(0, watcher.events.size());
    }

    @Test
    void anEntryThatIsNotInALaterSnapshotIsGone() throws Exception {
        QueueingWatcher watcher = new QueueingWatcher();
        PresenceView view = new PresenceView(watcher, node -> !node.equals("dead"));
        int first = view.beginSnapshot();
        view.changed("one", "ann", true);
        view.changed("two", "bob", true);
        view.changed("dead", "cid", true);
        view.endSnapshot(first);
        int second = view.beginSnapshot();
        view.changed("one", "ann", true);
        view.endSnapshot(second);
        assertEquals(List.of("+ann", "+bob", "-bob"), List.of(watcher.next(), watcher.next(), watcher.next()));
        assertEquals(0, watcher.events.size());
    }
}
