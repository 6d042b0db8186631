package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Deadlines;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the thread of an event loop does:
 *
 * <pre>
 *     select → ready channels → tasks → handshake arithmetic → timers → deadlines → select …
 *                    └ after each of them: what was corked leaves, what was deferred is done
 * </pre>
 *
 * Each step has a budget, so that none keeps the others waiting, and whatever is thrown ends at most one link. For the
 * loop's own thread, but for {@link #stop}, {@link #hasFailed} and {@link #tasks}.
 */
final class LoopRun implements Runnable {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LoopLog.LOG, Level.ERROR);
    /** Deferred work of one event that is done before other channels have their turn. */
    private static final int MOST_DEFERRED = 64;
    /** Handshakes whose arithmetic is done in one turn. */
    private static final int MOST_SLOW_TASKS = 4;
    /** A selector that fails so often in a row is broken for good. */
    private static final int MOST_FAILURES = 100;

    final Selector selector;
    final LoopTasks tasks;
    final TimerQueue timers = new TimerQueue();
    final Deadlines deadlines = new Deadlines(System.nanoTime());
    final Deferrals deferred = new Deferrals(this::flush);
    final Deferrals slow = new Deferrals(this::endEvent);
    private final LoopBuffers buffers;

    private final Consumer<SelectionKey> onReady = this::ready;
    private final LoopTasks.Runner onTask = this::runTask;
    private final Deadlines.Handler onDeadline = this::due;
    private volatile boolean stopping;
    private volatile boolean failed;

    LoopRun(Selector selector, LoopBuffers buffers) {
        this.selector = selector;
        this.buffers = buffers;
        this.tasks = new LoopTasks(selector::wakeup);
    }

    @Override
    public void run() {
        int failures = 0;
        while (!stopping) {
            try {
                turn();
                failures = 0;
            } catch (Throwable e) { // of the selector, or for want of memory
                failures++;
                if (e instanceof ClosedSelectorException || failures == MOST_FAILURES) {
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
        if (!deferred.isEmpty()) { // more than one event's worth
            endEvent();
        }
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
            LoopLog.log(Level.DEBUG, "a callback has left the interrupt flag of its event loop set; cleared", null);
        }
    }

    private void flush() {
        buffers.cork().flush();
        buffers.flushTls();
    }

    // The end

    /** Closes whatever is left, and lets the thread end. From any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Whether the loop has ended for a failure of its own. From any thread. */
    boolean hasFailed() {
        return failed;
    }

    private void closeAll() {
        tasks.runTurn(onTask);
        failAll();
        tasks.close(task -> {
            runTask(task);
            runAllDeferred();
        });
        failAll(); // what those tasks have opened
        closeSelector();
    }

    private void failAll() {
        for (SelectionKey key : keys()) {
            ((SelectionHandler) key.attachment()).failed(new IOException("the event loop has stopped"));
        }
        runAllDeferred();
    }

    private void runAllDeferred() {
        flush();
        deferred.run(Integer.MAX_VALUE);
    }

    /** The keys of all channels of this loop. From any thread: the set of a selector's keys is safe to be read. */
    List<SelectionKey> keys() {
        try {
            return selector.isOpen() ? new ArrayList<>(selector.keys()) : List.of();
        } catch (ClosedSelectorException closedMeanwhile) {
            return List.of();
        }
    }

    void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LoopLog.log(Level.WARNING, "a selector could not be closed", e);
        }
    }
}
