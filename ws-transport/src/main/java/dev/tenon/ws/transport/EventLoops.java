package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Some event loops that share the work of one server or client. Thread-safe. */
public final class EventLoops {
    private static final Duration FOREVER = Duration.ofDays(36_525);
    /** How long a loop may take to end once it has been told to stop, before its thread is interrupted. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<EventLoop> loops;
    private final LinkCount links;

    private EventLoops(List<EventLoop> loops, LinkCount links) {
        this.loops = loops;
        this.links = links;
    }

    /**
     * Starts event loops on threads that inherit nothing from the caller's.
     *
     * @param size how many, 1 or more
     * @param name what their threads are called, a number follows
     * @param daemon whether the process may end while they run
     * @return the loops
     * @throws IOException if a selector cannot be opened; none runs then
     */
    public static EventLoops start(int size, String name, boolean daemon) throws IOException {
        return start(size, LoopThreads.numbered(name, daemon), SelectorProvider.provider());
    }

    /**
     * Starts event loops.
     *
     * @param size how many, 1 or more
     * @param threads makes their threads
     * @param provider opens their selectors, and all channels that they carry
     * @return the loops
     * @throws IOException if a selector cannot be opened; none runs then
     */
    public static EventLoops start(int size, ThreadFactory threads, SelectorProvider provider) throws IOException {
        return start(size, threads, provider, OutboundLimit.share(size));
    }

    /** The same with a bound for the memory that bytes for slow peers take on each loop. */
    static EventLoops start(int size, ThreadFactory threads, SelectorProvider provider, long outboundLimit)
            throws IOException {
        List<EventLoop> loops = new ArrayList<>();
        LinkCount links = new LinkCount();
        try {
            for (int i = 0; i < size; i++) {
                loops.add(new EventLoop(threads, provider, links, size, outboundLimit));
            }
        } catch (Throwable e) { // no descriptors, or no memory
            loops.forEach(EventLoop::discard);
            throw e;
        }
        loops.forEach(EventLoop::start);
        return new EventLoops(List.copyOf(loops), links);
    }

    /**
     * The loop with the fewest links. A loop that has failed is never chosen, as long as another one works.
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
     * What opens the channels of these loops.
     *
     * @return the provider of their selectors
     */
    public SelectorProvider provider() {
        return loops.get(0).provider();
    }

    /**
     * Whether all loops work. One that has failed has closed its connections, has said so in the log at ERROR, and gets no
     * new ones.
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
     * All links at this moment; those that open meanwhile may be missing. Costs a look at each of them.
     *
     * @return the links of all loops that are not closed
     */
    public List<Link> openLinks() {
        return loops.stream().flatMap(loop -> loop.openLinks().stream()).toList();
    }

    /**
     * How many links there are.
     *
     * @return the number at this moment
     */
    public int links() {
        return links.get();
    }

    /**
     * Stops: all links are told to end in good order, what has not ended by the deadline is closed, and the threads end. When
     * this returns true, nothing is left. A loop that a callback of the application's holds longer than the deadline has its
     * thread interrupted, and ends when the callback returns.
     *
     * @param deadline how long the peers may take
     * @return whether all threads have ended; false at the deadline, or if the caller was interrupted, which it still is then
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

    /** Waits for the threads; those that do not end in time are interrupted. Returns whether the caller was. */
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
