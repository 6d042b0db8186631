package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.ThreadContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thread and one selector for many links, with the buffers that they share. This class has the methods for callers;
 * {@link LoopRun} is the work of the thread.
 *
 * <p>{@link #execute} may be called from any thread, everything else from this loop's own. An exception in a callback
 * closes at most one link.
 */
public final class EventLoop implements ConnectionExecutor {
    private final SelectorProvider provider;
    private final LinkCount links;
    private final boolean ownProcessor;
    private final LoopCounters counters = new LoopCounters();
    private final LoopBuffers buffers = new LoopBuffers(counters);
    private final ThreadContext threadContext = new ThreadContext(this);
    private final OutboundLimit outboundLimit;
    private final LoopRun run;
    private final Thread thread;
    /** How many links this loop has or will have soon. */
    private final AtomicInteger load = new AtomicInteger();
    /** Whether the loop is ending and accepts no new links. For this loop's thread only. */
    private boolean draining;

    EventLoop(ThreadFactory threads, SelectorProvider provider, LinkCount links, int loops, long outboundLimit)
            throws IOException {
        this.provider = provider;
        this.links = links;
        this.ownProcessor = loops >= Runtime.getRuntime().availableProcessors();
        this.outboundLimit = new OutboundLimit(buffers, outboundLimit);
        this.run = new LoopRun(provider.openSelector(), buffers);
        this.thread = newThread(threads);
        run.tasks.bind(thread);
    }

    private Thread newThread(ThreadFactory threads) {
        try {
            return Objects.requireNonNull(threads.newThread(this::run), "the thread factory has made no thread");
        } catch (Throwable e) {
            run.closeSelector();
            throw e;
        }
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            run.run();
        } finally {
            closeThreadContext();
        }
    }

    private void closeThreadContext() {
        try {
            threadContext.close();
        } catch (RuntimeException e) {
            LoopLog.log(Level.WARNING, "an extension could not release its resources of an event loop", e);
        }
    }

    /** Ends a loop that has no links, and may not have been started. */
    void discard() {
        stop();
        if (thread.getState() == Thread.State.NEW) {
            run.closeSelector();
        }
    }

    /**
     * Whether the caller runs on this loop.
     *
     * @return true on the loop's own thread
     */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /**
     * The thread context that the connections of this loop share.
     *
     * @return the thread context; for this loop's thread only
     */
    public ThreadContext threadContext() {
        return threadContext;
    }

    /**
     * The provider that opens the channels of this loop.
     *
     * @return the provider of this loop's selector
     */
    public SelectorProvider provider() {
        return provider;
    }

    /**
     * The counters of this loop.
     *
     * @return the counters; only this loop may write them
     */
    public LoopCounters counters() {
        return counters;
    }

    /**
     * Runs a task on this loop, after all earlier tasks of the same thread. Safe from any thread. The call wakes the
     * loop only if it sleeps, once for several tasks. An exception of the task is logged.
     *
     * @param task the task
     * @throws java.util.concurrent.RejectedExecutionException if the loop has stopped
     */
    @Override
    public void execute(Runnable task) {
        run.tasks.add(task);
    }

    /**
     * Runs a task on this loop after a delay, accurate to a millisecond if the loop is idle. Tasks that still wait when
     * the loop stops are dropped. From this loop's thread only.
     *
     * @param delayNanos the delay
     * @param task the task
     * @return a timer that can cancel the task
     */
    public Timer schedule(long delayNanos, Runnable task) {
        return run.timers.add(System.nanoTime() + delayNanos, task);
    }

    /** Defers a task of a link to the end of the current event. */
    void later(Link owner, Runnable task) {
        run.deferred.add(owner, task);
    }

    /** Runs a task that takes about a millisecond, in this turn of the loop or in a later one. */
    void executeSlowly(Link owner, Runnable task) {
        run.slow.add(owner, task);
    }

    /** Asks all links and acceptors of this loop to end gracefully, some in each turn. Safe from any thread. */
    void drain() {
        LoopDrain.start(this);
    }

    /** Stops accepting new links, and returns all handlers that must end. On the loop. */
    List<SelectionHandler> beginDrain() {
        draining = true;
        return run.keys().stream()
                .map(key -> (SelectionHandler) key.attachment())
                .toList();
    }

    /** All open links of this loop. Safe from any thread; links that open during the call may be missing. */
    List<Link> openLinks() {
        List<Link> links = new ArrayList<>();
        for (SelectionKey key : run.keys()) {
            if (key.attachment() instanceof NioSocket socket && !socket.link().isClosed()) {
                links.add(socket.link());
            }
        }
        return links;
    }

    /** Whether this loop is ending and accepts no new connections. */
    boolean isDraining() {
        return draining || run.isStopping();
    }

    /** Closes all remaining links and ends the loop. Safe from any thread. */
    void stop() {
        run.stop();
    }

    Thread thread() {
        return thread;
    }

    /** Whether the loop has failed, or its thread has ended although nobody stopped the loop. Safe from any thread. */
    boolean hasFailed() {
        return run.hasFailed() || !(thread.isAlive() || run.isStopping());
    }

    // What links and acceptors use

    SelectionKey register(SelectableChannel channel, int interest, SelectionHandler attachment) throws IOException {
        return channel.register(run.selector, interest, attachment);
    }

    /**
     * Waits until the selector has released a channel that was closed, because it keeps the descriptor until it selects
     * the next time. From any other thread than the loop's.
     *
     * @param nanos how long to wait for a loop that is busy
     */
    void awaitRelease(SelectableChannel channel, long nanos) {
        CountDownLatch released = new CountDownLatch(1);
        try {
            execute(() -> whenReleased(channel, released::countDown));
            boolean unused = released.await(nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            // the selector is closed, or about to be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void whenReleased(SelectableChannel channel, Runnable action) {
        if (channel.keyFor(run.selector) == null || run.isStopping()) {
            action.run();
        } else {
            execute(() -> whenReleased(channel, action)); // in the next turn
        }
    }

    Selector selector() {
        return run.selector;
    }

    LoopBuffers buffers() {
        return buffers;
    }

    Cork cork() {
        return buffers.cork();
    }

    Deadlines deadlines() {
        return run.deadlines;
    }

    /** Whether there are as many loops as processors, so that another thread would not be faster. */
    boolean hasOwnProcessor() {
        return ownProcessor;
    }

    /** How many links this loop has or will have soon. Safe from any thread. */
    AtomicInteger load() {
        return load;
    }

    /** Ends a {@linkplain EventLoops#reserve reservation}. Safe from any thread, also after the end of the loop. */
    public void release() {
        load.decrementAndGet();
    }

    void linkOpened() {
        links.opened();
        load.incrementAndGet();
    }

    void linkClosed() {
        links.closed();
        load.decrementAndGet();
    }

    /** Removes a closed link. */
    void forget(Link link) {
        buffers.cork().drop(link);
        run.deadlines.remove(link);
    }

    /** Closes the links of the slowest peers if too many bytes wait on this loop. */
    void limitOutbound() {
        if (outboundLimit.isExceeded()) {
            outboundLimit.enforce(run.keys());
        }
    }
}
