package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of one server or client. Thread-safe. */
public final class EventLoops {
    private static final Duration FOREVER = Duration.ofDays(36_525);
    /** How long a loop may take to end after it was stopped, until its thread is interrupted. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<EventLoop> loops;
    private final LinkCount links;

    private EventLoops(List<EventLoop> loops, LinkCount links) {
        this.loops = loops;
        this.links = links;
    }

    /**
     * Starts event loops on threads that inherit nothing from the calling thread.
     *
     * @param size the number of loops, 1 or more
     * @param name the name of the threads, followed by a number
     * @param daemon whether the process may end while they run
     * @return the loops
     * @throws IOException if a selector cannot be opened; none runs then
     */
    public static EventLoops start(int size, String name, boolean daemon) throws IOException {
        return start(size, threads(name, daemon), DefaultSockets.provider());
    }

    /**
     * Makes threads for event loops, which inherit nothing from the thread that starts the loops.
     *
     * @param name what they are called, a number follows
     * @param daemon whether the process may end while they run
     * @return a factory
     */
    public static ThreadFactory threads(String name, boolean daemon) {
        return LoopThreads.numbered(name, daemon);
    }

    /**
     * The provider that opens sockets if none is set: NIO, or the result of the public static method that the system
     * property {@code dev.tenon.ws.sockets} names as {@code package.Class::method}.
     *
     * @return the provider
     */
    public static SelectorProvider defaultSockets() {
        return DefaultSockets.provider();
    }

    /**
     * Starts event loops.
     *
     * @param size the number of loops, 1 or more
     * @param threads creates their threads
     * @param provider opens their selectors and channels
     * @return the loops
     * @throws IOException if a selector cannot be opened; no loop runs then, nor if a thread cannot be started
     */
    public static EventLoops start(int size, ThreadFactory threads, SelectorProvider provider) throws IOException {
        return start(size, threads, provider, OutboundLimit.perLoop(size));
    }

    /** Starts event loops with a limit for the waiting bytes of slow peers on each loop. */
    static EventLoops start(int size, ThreadFactory threads, SelectorProvider provider, long outboundLimit)
            throws IOException {
        List<EventLoop> loops = new ArrayList<>();
        LinkCount links = new LinkCount();
        try {
            for (int i = 0; i < size; i++) {
                loops.add(new EventLoop(threads, provider, links, size, outboundLimit));
            }
            loops.forEach(EventLoop::start);
        } catch (Throwable e) { // no descriptors, no threads, or no memory
            loops.forEach(EventLoop::discard);
            throw e;
        }
        return new EventLoops(List.copyOf(loops), links);
    }

    /**
     * The loop with the fewest links. Never a failed loop while another one works.
     *
     * @return one of the loops
     */
    public EventLoop next() {
        EventLoop best = loops.get(0);
        for (EventLoop loop : loops) {
            boolean better = loop.load().get() < best.load().get();
            if (best.hasFailed() ? !loop.hasFailed() : better && !loop.hasFailed()) {
                best = loop;
            }
        }
        return best;
    }

    /**
     * Chooses the {@linkplain #next loop with the fewest links}, and counts a link for it that will open later, so that
     * many that begin at once do not all choose the same loop.
     *
     * @return one of the loops; the caller must {@linkplain EventLoop#release release} it once
     */
    public EventLoop reserve() {
        EventLoop reserved = next();
        reserved.load().incrementAndGet();
        return reserved;
    }

    /**
     * The provider that opens the channels of these loops.
     *
     * @return the provider of their selectors
     */
    public SelectorProvider provider() {
        return loops.get(0).provider();
    }

    /**
     * Whether all loops work. A failed loop has closed its connections and logged the failure at ERROR, and gets no new
     * connections.
     *
     * @return false if a loop has failed
     */
    public boolean areHealthy() {
        return loops.stream().noneMatch(EventLoop::hasFailed);
    }

    /**
     * All loops.
     *
     * @return the loops, in order
     */
    public List<EventLoop> all() {
        return loops;
    }

    /**
     * All links at this moment; links that open during the call may be missing. Takes time for each link.
     *
     * @return the links of all loops that are not closed
     */
    public List<Link> openLinks() {
        return loops.stream().flatMap(loop -> loop.openLinks().stream()).toList();
    }

    /**
     * The number of links.
     *
     * @return the number at this moment
     */
    public int links() {
        return links.get();
    }

    /**
     * Stops the loops. Asks all links to end gracefully, closes the rest at the deadline, and ends the threads. If an
     * application's callback blocks a loop beyond the deadline, its thread is interrupted, and the loop ends when the
     * callback returns.
     *
     * @param deadline how long the peers may take
     * @return true if all threads have ended; false at the deadline, or if the caller was interrupted (its interrupt
     *     status stays set)
     * @throws IllegalStateException if called on one of these loops, which would wait for itself
     */
    public boolean stop(Duration deadline) {
        if (loops.stream().anyMatch(EventLoop::inLoop)) {
            throw new IllegalStateException("an event loop cannot wait for its own end: stop from another thread");
        }
        long end = System.nanoTime() + nanos(deadline);
        loops.forEach(EventLoop::drain);
        boolean interrupted = awaitLinks(end);
        loops.forEach(EventLoop::stop);
        interrupted |= join(Math.max(end - System.nanoTime(), GRACE_NANOS));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return loops.stream().noneMatch(loop -> loop.thread().isAlive());
    }

    private static long nanos(Duration deadline) {
        return deadline.compareTo(FOREVER) < 0 ? deadline.toNanos() : FOREVER.toNanos();
    }

    private boolean awaitLinks(long end) {
        try {
            links.awaitNone(end - System.nanoTime());
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /**
     * Waits for the threads and interrupts those that do not end in time. Returns whether the caller was interrupted.
     */
    private boolean join(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (EventLoop loop : loops) {
            interrupted |= join(loop.thread(), end);
        }
        for (EventLoop loop : loops) {
            if (loop.thread().isAlive()) {
                LoopLog.log(
                        Level.WARNING,
                        "a callback holds " + loop.thread().getName() + " beyond the deadline; it is interrupted",
                        null);
                loop.thread().interrupt();
                interrupted |= join(loop.thread(), System.nanoTime() + GRACE_NANOS);
            }
        }
        return interrupted;
    }

    private static boolean join(Thread thread, long end) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return interrupted;
            }
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
