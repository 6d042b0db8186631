package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The loops of a client: its own ones, or the one loop that clients of the process share. */
final class Loops {
    /** Event loops and the clients that use them: one, or all that share them. */
    private static final class Group {
        final EventLoops loops;
        /** Each client by its registry. Loops that fail read it, on their threads. */
        final Set<ConnectionRegistry> clients = ConcurrentHashMap.newKeySet();

        Group(int size, @Nullable ThreadFactory threads, @Nullable SelectorProvider sockets) throws IOException {
            ThreadFactory factory =
                    Objects.requireNonNullElseGet(threads, () -> EventLoops.threads("tenon-client", true));
            loops = EventLoops.start(
                    size,
                    loop -> factory.newThread(() -> run(loop)),
                    Objects.requireNonNullElseGet(sockets, EventLoops::defaultSockets));
        }

        private void run(Runnable loop) {
            try {
                loop.run();
            } finally { // clients that were closed are no longer here
                clients.forEach(ConnectionRegistry::loopEnded);
            }
        }
    }

    private static final Object LOCK = new Object();
    /** The shared loop of the next client. */
    private static @Nullable Group current;

    private final Group group;
    private final ConnectionRegistry client;

    private Loops(Group group, ConnectionRegistry client) {
        this.group = group;
        this.client = client;
        group.clients.add(client);
    }

    /** New loops for one client, on threads of the factory, or on daemon threads with the default name. */
    static Loops own(
            ConnectionRegistry client, int size, @Nullable ThreadFactory threads, @Nullable SelectorProvider sockets)
            throws IOException {
        return new Loops(new Group(size, threads, sockets), client);
    }

    /** The shared loop, which runs while any client uses it. If it has failed, a new one. */
    static Loops shared(ConnectionRegistry client) throws IOException {
        synchronized (LOCK) {
            Group running = current;
            if (running == null || !running.loops.areHealthy()) {
                running = new Group(1, null, null);
                current = running;
            }
            return new Loops(running, client);
        }
    }

    /** Chooses the loop of an operation, and counts the operation for the loop until its future completes. */
    EventLoop reserve(CompletableFuture<?> operation) {
        EventLoop loop = group.loops.reserve();
        CompletableFuture<?> unused = operation.whenComplete((result, failure) -> loop.release());
        return loop;
    }

    boolean areHealthy() {
        return group.loops.areHealthy();
    }

    boolean inLoop() {
        return group.loops.all().stream().anyMatch(EventLoop::inLoop);
    }

    /** Releases the loops. When this returns, unused loops have ended. */
    void release() {
        if (isLast()) {
            group.loops.stop(Duration.ZERO);
        }
    }

    private boolean isLast() {
        synchronized (LOCK) {
            if (!group.clients.remove(client) || !group.clients.isEmpty()) {
                return false;
            }
            if (current == group) {
                current = null;
            }
            return true;
        }
    }
}
