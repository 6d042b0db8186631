package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.Workspace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thread and one selector that carry many links, and the buffers that these share. {@link LoopRun} is what the thread
 * does; here is what others may ask of it.
 *
 * <p>{@link #execute} may be called from any thread, everything else from this loop's own. Whatever is thrown by what the
 * loop calls ends at most the link concerned.
 */
public final class EventLoop implements ConnectionExecutor {
    private final SelectorProvider provider;
    private final LinkCount links;
    private final boolean ownProcessor;
    private final LoopCounters counters = new LoopCounters();
    private final LoopBuffers buffers = new LoopBuffers(counters);
    private final Workspace workspace = new Workspace(this);
    private final OutboundLimit outboundLimit;
    private final LoopRun run;
    private final Thread thread;
    /** Links that live here, and those that are about to. */
    private final AtomicInteger load = new AtomicInteger();
    /** Nothing new is taken on; for this loop's thread only. */
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
        run.run();
        try {
            workspace.close();
        } catch (RuntimeException e) {
            LoopLog.log(Level.WARNING, "an extension could not give back what it held for an event loop", e);
        }
    }

    /** Gives back what a loop that will never run holds. */
    void discard() {
        run.closeSelector();
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
     * What the connections of this loop share.
     *
     * @return the workspace; for this loop's thread only
     */
    public Workspace workspace() {
        return workspace;
    }

    /**
     * What opens the channels of this loop.
     *
     * @return the provider of this loop's selector
     */
    public SelectorProvider provider() {
        return provider;
    }

    /**
     * What this loop has counted.
     *
     * @return the counters, to be written on this loop only
     */
    public LoopCounters counters() {
        return counters;
    }

    /**
     * Runs a task on this loop, behind all that the same thread has given before. Safe from any thread; the loop is woken
     * only if it sleeps, once for all tasks that come meanwhile. What the task throws is logged.
     *
     * @param task what to run
     * @throws java.util.concurrent.RejectedExecutionException if the loop has stopped
     */
    @Override
    public void execute(Runnable task) {
        run.tasks.add(task);
    }

    /**
     * Runs a task on this loop later, to the millisecond where the loop has nothing else to do. Tasks that wait when the
     * loop stops are forgotten. From this loop's thread only.
     *
     * @param delayNanos how much later
     * @param task what to run
     * @return what cancels it
     */
    public Timer schedule(long delayNanos, Runnable task) {
        return run.timers.add(System.nanoTime() + delayNanos, task);
    }

    /** Defers a task of a link to the end of the event at hand. */
    void later(Link owner, Runnable task) {
        run.deferred.add(owner, task);
    }

    /** Runs a task that takes a millisecond or so, in this turn or one of the next. */
    void executeSlowly(Link owner, Runnable task) {
        run.slow.add(owner, task);
    }

    /** Tells everything on this loop to end in good order, a turn's worth at a time. Safe from any thread. */
    void drain() {
        LoopDrain.begin(this);
    }

    /** On the loop: nothing new is taken on from now on. Returns all that is to end. */
    List<SelectionHandler> beginDrain() {
        draining = true;
        return run.keys().stream()
                .map(key -> (SelectionHandler) key.attachment())
                .toList();
    }

    /** All links of this loop that are not closed. Safe from any thread, which may miss those that open meanwhile. */
    List<Link> openLinks() {
        List<Link> links = new ArrayList<>();
        for (SelectionKey key : run.keys()) {
            if (key.attachment() instanceof NioSocket socket && !socket.link().isClosed()) {
                links.add(socket.link());
            }
        }
        return links;
    }

    /** Whether this loop is about to end, so that a new connection has no place on it. */
    boolean isDraining() {
        return draining || run.isStopping();
    }

    /** Closes whatever is left on this loop and lets it end. Safe from any thread. */
    void stop() {
        run.stop();
    }

    Thread thread() {
        return thread;
    }

    /** Whether the loop has ended for a failure of its own, or its thread without having been told. Safe from any thread. */
    boolean hasFailed() {
        return run.hasFailed() || !(thread.isAlive() || run.isStopping());
    }

    // What links and acceptors use

    SelectionKey register(SelectableChannel channel, int interest, SelectionHandler attachment) throws IOException {
        return channel.register(run.selector, interest, attachment);
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

    /** Whether there are as many loops as processors, so that work is not quicker on another thread. */
    boolean hasOwnProcessor() {
        return ownProcessor;
    }

    /** How many links this loop has or is about to have. Safe from any thread. */
    AtomicInteger load() {
        return load;
    }

    void linkOpened() {
        links.opened();
        load.incrementAndGet();
    }

    void linkClosed() {
        links.closed();
        load.decrementAndGet();
    }

    /** Forgets a link that is closed. */
    void forget(Link link) {
        buffers.cork().drop(link);
        run.deadlines.remove(link);
    }

    /** Closes links if too much waits on this loop. */
    void limitOutbound() {
        if (outboundLimit.isExceeded()) {
            outboundLimit.enforce(run.keys());
        }
    }
}
