package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The loops of a client: its own ones, or the one loop that clients of the process share. */
final class Loops {
    /** A loop that clients share, and how many of them use it. */
    private static final class Shared {
        final EventLoops loops;
        int clients;

        Shared(EventLoops loops) {
            this.loops = loops;
        }
    }

    private static final Object LOCK = new Object();
    /** The loop of the next client. */
    private static @Nullable Shared current;

    private final EventLoops loops;
    /** The same loops, if they are shared. */
    private final @Nullable Shared shared;

    private boolean released;

    private Loops(EventLoops loops, @Nullable Shared shared) {
        this.loops = loops;
        this.shared = shared;
    }

    /** New loops for one client, on threads of the factory, or on daemon threads with the default name. */
    static Loops own(int size, @Nullable ThreadFactory threads, @Nullable SelectorProvider sockets) throws IOException {
        return new Loops(start(size, threads, sockets), null);
    }

    /** The shared loop, which runs while any client uses it. If it has failed, a new one. */
    static Loops shared() throws IOException {
        synchronized (LOCK) {
            Shared running = current;
            if (running == null || !running.loops.areHealthy()) {
                running = new Shared(start(1, null, null));
                current = running;
            }
            running.clients++;
            return new Loops(running.loops, running);
        }
    }

    private static EventLoops start(int size, @Nullable ThreadFactory threads, @Nullable SelectorProvider sockets)
            throws IOException {
        return EventLoops.start(
                size,
                Objects.requireNonNullElseGet(threads, () -> EventLoops.threads("tenon-client", true)),
                Objects.requireNonNullElseGet(sockets, EventLoops::defaultSockets));
    }

    EventLoop next() {
        return loops.next();
    }

    boolean inLoop() {
        return loops.all().stream().anyMatch(EventLoop::inLoop);
    }

    /** Releases the loops. When this returns, unused loops have ended. */
    void release() {
        if (isLast()) {
            loops.stop(Duration.ZERO);
        }
    }

    private boolean isLast() {
        synchronized (LOCK) {
            if (released) {
                return false;
            }
            released = true;
            if (shared == null) {
                return true;
            }
            if (--shared.clients > 0) {
                return false;
            }
            if (current == shared) {
                current = null;
            }
            return true;
        }
    }
}
