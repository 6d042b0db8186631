package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The loops of a client: its own, or its share of the one loop that the clients of the process have together. */
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

    /** Loops that nobody else uses, on threads of a factory or on daemon threads of the usual name. */
    static Loops own(int size, @Nullable ThreadFactory threads) throws IOException {
        EventLoops own = threads == null ? start(size) : EventLoops.start(size, threads, SelectorProvider.provider());
        return new Loops(own, true);
    }

    /** A share of the one loop, which runs as long as somebody has one. */
    static Loops shared() throws IOException {
        synchronized (LOCK) {
            EventLoops running = shared;
            if (running == null) {
                running = start(1);
                shared = running;
            }
            sharers++;
            return new Loops(running, false);
        }
    }

    private static EventLoops start(int size) throws IOException {
        return EventLoops.start(size, "tenon-client", true);
    }

    EventLoop next() {
        return loops.next();
    }

    boolean inLoop() {
        return loops.all().stream().anyMatch(EventLoop::inLoop);
    }

    /** Gives the loops back. When this returns, those that nobody uses any more have ended. */
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
