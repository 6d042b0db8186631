package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watcher that throws harms neither the members nor the other watchers; the handler of the thread gets its exception. */
class LocalPresenceTest {
    private static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Throwing implements Presence.Watcher {
        @Override
        public void entered(String member) {
            throw new Fault();
        }

        @Override
        public void left(String member) {
            throw new Fault();
        }
    }

    private static final class Recording implements Presence.Watcher {
        final List<String> changes = new ArrayList<>();

        @Override
        public void entered(String member) {
            changes.add("+" + member);
        }

        @Override
        public void left(String member) {
            changes.add("-" + member);
        }
    }

    private final List<Throwable> uncaught = new ArrayList<>();
    private final LocalPresence here = LocalPresence.create();
    private final LocalPresence there = here.node();
    private final Recording watcher = new Recording();

    @BeforeEach
    void watch() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        there.watch("oak", new Throwing());
        there.watch("oak", watcher);
    }

    @AfterEach
    void restoreHandler() {
        Thread.currentThread().setUncaughtExceptionHandler(null);
    }

    private Set<String> members() {
        return there.members("oak").toCompletableFuture().join();
    }

    private void checkFaults(int count) {
        assertEquals(count, uncaught.size());
        uncaught.forEach(thrown -> assertEquals(Fault.class, thrown.getClass()));
    }

    @Test
    void aMemberLeavesWithItsConnection() {
        ManualLoop loop = new ManualLoop();
        FakeConnection connection = new FakeConnection(loop);
        here.enterWhileOpen("oak", "ann", connection.webSocket);
        assertEquals(List.of("+ann"), watcher.changes);
        loop.event(connection::end);
        assertEquals(List.of("+ann", "-ann"), watcher.changes);
        assertEquals(Set.of(), members());
        checkFaults(2);
    }

    @Test
    void allMembersOfANodeLeaveWhenItCloses() {
        here.enter("oak", "ann");
        here.enter("oak", "bob");
        here.close();
        assertEquals(List.of("+ann", "+bob", "-ann", "-bob"), watcher.changes);
        assertEquals(Set.of(), members());
        checkFaults(4);
    }

    @Test
    void aWatchBeginsAlsoIfItsWatcherThrowsAtAPresentMember() {
        here.enter("oak", "ann");
        checkFaults(1);
        there.watch("oak", new Throwing()).toCompletableFuture().join();
        here.enter("oak", "bob");
        assertEquals(List.of("+ann", "+bob"), watcher.changes);
        checkFaults(4);
    }
}
