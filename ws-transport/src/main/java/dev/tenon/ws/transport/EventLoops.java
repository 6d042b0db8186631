package dev.tenon.ws.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Some event loops that share the work of one server or client. Thread-safe. */
public final class EventLoops {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration FOREVER = Duration.ofDays(36_525);

    private final List<EventLoop> loops;
    private final LinkCount links;
    private final AtomicInteger turn = new AtomicInteger();

    private EventLoops(List<EventLoop> loops, LinkCount links) {
        this.loops = loops;
        this.links = links;
    }

    /**
     * Starts event loops.
     *
     * @param size how many, 1 or more
     * @param name what their threads are called, a number follows
     * @param daemon whether the process may end while they run
     * @return the loops
     * @throws IOException if a selector cannot be opened; none runs then
     */
    public static EventLoops start(int size, String name, boolean daemon) throws IOException {
        List<EventLoop> loops = new ArrayList<>();
        LinkCount links = new LinkCount();
        ThreadFactory threads = run -> {
            Thread thread = new Thread(run, name + "-" + COUNT.incrementAndGet());
            thread.setDaemon(daemon);
            return thread;
        };
        try {
            for (int i = 0; i < size; i++) {
                loops.add(new EventLoop(threads, links));
            }
        } catch (Throwable e) { // no descriptors, or no memory
            loops.forEach(EventLoop::discard);
            throw e;
        }
        loops.forEach(EventLoop::start);
        return new EventLoops(List.copyOf(loops), links);
    }

    /**
     * The loop whose turn it is.
     *
     * @return one of the loops
     */
    public EventLoop next() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
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
     * How many links there are.
     *
     * @return the number at this moment
     */
    public int links() {
        return links.get();
    }

    /**
     * Stops: all links are told to end in good order, what has not ended by the deadline is closed, and the threads end.
     * When this returns, nothing is left.
     *
     * @param deadline how long the peers may take
     * @throws IllegalStateException if called on one of these loops, which would wait for itself
     */
    public void stop(Duration deadline) {
        if (loops.stream().anyMatch(EventLoop::inLoop)) {
            throw new IllegalStateException("an event loop cannot wait for its own end: stop from another thread");
        }
        long nanos = deadline.compareTo(FOREVER) < 0 ? deadline.toNanos() : FOREVER.toNanos();
        loops.forEach(EventLoop::drain);
        boolean interrupted = false;
        try {
            links.awaitNone(nanos);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        loops.forEach(EventLoop::stop);
        for (EventLoop loop : loops) {
            interrupted |= loop.joinInterrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where TLS handshakes do their arithmetic: a few daemon threads that go away when there is nothing to do. */
    static ExecutorService handshakes() {
        return Handshakes.POOL;
    }

    private static final class Handshakes {
        static final ExecutorService POOL = pool();

        private static ExecutorService pool() {
            int size = Runtime.getRuntime().availableProcessors();
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(size, size, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
                        Thread thread = new Thread(run, "tenon-tls-handshake");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
