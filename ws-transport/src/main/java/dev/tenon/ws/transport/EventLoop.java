package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Workspace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One thread and one selector that carry many links. A turn of the loop is
 *
 * <pre>
 *     select → ready channels → tasks → timers → deadlines
 * </pre>
 *
 * and each of these has a budget, so that none keeps the others waiting. After each event of a link, what the event has
 * sent leaves in one write, and then what it has deferred is done.
 *
 * <p>{@link #execute} may be called from any thread, everything else from this loop's own. Whatever is thrown by what the
 * loop calls ends at most the link concerned.
 */
public final class EventLoop implements ConnectionExecutor {
    private static final Seldom FAILURES = new Seldom(LoopLog.LOG, Level.ERROR);
    /** Deferred work of one event that is done before other channels have their turn. */
    private static final int MOST_DEFERRED = 64;
    /** Handshakes whose arithmetic is done in one turn. */
    private static final int MOST_SLOW_TASKS = 4;
    /** A selector that fails so often in a row is broken for good. */
    private static final int MOST_FAILURES = 100;

    private final SelectorProvider provider;
    private final LinkCount links;
    private final boolean ownProcessor;
    private final LoopCounters counters = new LoopCounters();
    private final LoopBuffers buffers = new LoopBuffers(counters);
    private final Workspace workspace = new Workspace();
    private final Selector selector;
    private final Thread thread;
    private final LoopTasks tasks;
    private final TimerQueue timers = new TimerQueue();
    private final Deadlines deadlines = new Deadlines(System.nanoTime());
    private final Deferrals deferred = new Deferrals(this::flush);
    private final Deferrals slow = new Deferrals(this::endEvent);
    private final OutboundLimit outboundLimit;
    /** Links that live here, and those that are about to. */
    private final AtomicInteger load = new AtomicInteger();

    private final Consumer<SelectionKey> onReady = this::ready;
    private final LoopTasks.Runner onTask = this::runTask;
    private final Deadlines.Handler onDeadline = this::due;
    private volatile boolean stopping;
    private volatile boolean failed;
    /** Nothing new is taken on; for this loop's thread only. */
    private boolean draining;

    EventLoop(ThreadFactory threads, SelectorProvider provider, LinkCount links, int loops) throws IOException {
        this.provider = provider;
        this.links = links;
        this.ownProcessor = loops >= Runtime.getRuntime().availableProcessors();
        this.outboundLimit = new OutboundLimit(buffers, loops);
        selector = provider.openSelector();
        tasks = new LoopTasks(selector::wakeup);
        thread = threads.newThread(this::run);
        tasks.bind(thread);
    }

    void start() {
        thread.start();
    }

    /** Gives back what a loop that will never run holds. */
    void discard() {
        closeSelector();
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
        tasks.add(task);
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
        return timers.add(System.nanoTime() + delayNanos, task);
    }

    // The turn

    private void run() {
        int failures = 0;
        while (!stopping) {
            try {
                turn();
                failures = 0;
            } catch (Throwable e) { // of the selector, or for want of memory
                failures++;
                if (e instanceof java.nio.channels.ClosedSelectorException || failures == MOST_FAILURES) {
                    failed = true;
                    stopping = true;
                    LoopLog.log(Level.ERROR, "an event loop has failed; its connections are closed", e);
                } else {
                    FAILURES.log("a turn of an event loop has failed", e);
                }
            }
        }
        closeAll();
    }

    private void turn() throws IOException {
        select();
        tasks.runTurn(onTask);
        slow.run(MOST_SLOW_TASKS);
        runTimers();
        deadlines.expire(System.nanoTime(), onDeadline);
    }

    private void select() throws IOException {
        if (deferred.isEmpty() && slow.isEmpty() && tasks.trySleep()) {
            try {
                sleep();
            } finally {
                tasks.awake();
            }
        } else {
            selector.selectNow(onReady);
        }
    }

    private void sleep() throws IOException {
        long millis = millisToNext();
        if (millis == 0) {
            selector.select(onReady);
        } else if (millis < 0) {
            selector.selectNow(onReady);
        } else {
            selector.select(onReady, millis);
        }
    }

    /** How long to sleep: 0 for as long as nothing happens, negative for not at all. */
    private long millisToNext() {
        long next = Math.min(deadlines.nextNanos(), timers.nextNanos());
        if (next == Long.MAX_VALUE) {
            return 0;
        }
        long nanos = next - System.nanoTime();
        return nanos <= 0 ? -1 : (nanos + 999_999) / 1_000_000;
    }

    private void ready(SelectionKey key) {
        tasks.awake();
        SelectionHandler handler = (SelectionHandler) key.attachment();
        try {
            handler.ready(key);
        } catch (Throwable e) {
            Deferrals.report(e);
            handler.failed(e);
        }
        endEvent();
    }

    private void runTask(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            FAILURES.log("a task of an event loop has failed", e);
        }
        endEvent();
    }

    private void runTimers() {
        if (timers.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        Timer due;
        while ((due = timers.pollDue(now)) != null) {
            runTask(due.task());
        }
    }

    private void due(Deadlines.Entry entry, long nowNanos) {
        Link link = (Link) entry; // nothing else has deadlines here
        Deferrals.run(link, () -> link.due(nowNanos));
        endEvent();
    }

    /** What was corked leaves, then what was deferred is done, up to a budget. */
    private void endEvent() {
        flush();
        deferred.run(MOST_DEFERRED);
        if (Thread.interrupted()) { // set by code of the user's: it would keep the selector from sleeping
            LoopLog.LOG.log(Level.DEBUG, "a callback has left the interrupt flag of its event loop set; cleared");
        }
    }

    private void flush() {
        buffers.cork().flush();
        buffers.flushTls();
    }

    /** Defers a task of a link to the end of the event at hand. */
    void later(Link owner, Runnable task) {
        deferred.add(owner, task);
    }

    /** Runs a task that takes a millisecond or so, in this turn or one of the next. */
    void executeSlowly(Link owner, Runnable task) {
        slow.add(owner, task);
    }

    // The end

    private void closeAll() {
        draining = true;
        tasks.runTurn(onTask);
        for (SelectionKey key : keys()) {
            ((SelectionHandler) key.attachment()).failed(new IOException("the event loop has stopped"));
        }
        runAllDeferred();
        tasks.close(task -> {
            runTask(task);
            runAllDeferred();
        });
        closeSelector();
    }

    private void runAllDeferred() {
        flush();
        deferred.run(Integer.MAX_VALUE);
    }

    private List<SelectionKey> keys() {
        return selector.isOpen() ? new ArrayList<>(selector.keys()) : List.of();
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LoopLog.log(Level.WARNING, "a selector could not be closed", e);
        }
    }

    /** Tells everything on this loop to end in good order, a turn's worth at a time. Safe from any thread. */
    void drain() {
        LoopDrain.begin(this);
    }

    /** On the loop: nothing new is taken on from now on. Returns all that is to end. */
    List<SelectionHandler> beginDrain() {
        draining = true;
        return keys().stream().map(key -> (SelectionHandler) key.attachment()).toList();
    }

    /** Whether this loop is about to end, so that a new connection has no place on it. */
    boolean isDraining() {
        return draining;
    }

    /** Closes whatever is left on this loop and lets it end. Safe from any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    Thread thread() {
        return thread;
    }

    /** Whether the loop has ended for a failure of its own. Safe from any thread. */
    boolean hasFailed() {
        return failed;
    }

    // What links and acceptors use

    SelectionKey register(SelectableChannel channel, int interest, SelectionHandler attachment) throws IOException {
        return channel.register(selector, interest, attachment);
    }

    Selector selector() {
        return selector;
    }

    LoopBuffers buffers() {
        return buffers;
    }

    Cork cork() {
        return buffers.cork();
    }

    Deadlines deadlines() {
        return deadlines;
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
        deadlines.remove(link);
    }

    /** Closes links if too much waits on this loop. */
    void limitOutbound() {
        if (outboundLimit.isExceeded()) {
            outboundLimit.enforce(keys());
        }
    }
}
