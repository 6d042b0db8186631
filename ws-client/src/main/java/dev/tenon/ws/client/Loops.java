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
    private static final Object LOCK = new Object();
    private static @Nullable EventLoops shared;
    private static int sharers;

    private final EventLoops loops;
    private final boolean own;
    private boolean released;

    private Loops(EventLoops loops, boolean own) {
        this.loops = loops;
        this.own = own;
    }

    /** New loops for one client, on threads of the factory, or on daemon threads with the default name. */
    static Loops own(int size, @Nullable ThreadFactory threads, @Nullable SelectorProvider sockets) throws IOException {
        return new Loops(start(size, threads, sockets), true);
    }

    /** The shared loop, which runs while any client uses it. */
    static Loops shared() throws IOException {
        synchronized (LOCK) {
            EventLoops running = shared;
            if (running == null) {
                running = start(1, null, null);
                shared = running;
            }
            sharers++;
            return new Loops(running, false);
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
            if (own) {
                return true;
            }
            if (--sharers > 0) {
                return false;
            }
            shared = null;
            return true;
        }
    }
}
