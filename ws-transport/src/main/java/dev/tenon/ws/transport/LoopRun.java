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
 * The work of an event loop's thread:
 *
 * <pre>
 *     select → ready channels → tasks → TLS handshake tasks → timers → deadlines → select …
 *                    └ after each event: flush the cork, run deferred tasks
 * </pre>
 *
 * Each step has a budget, so that no step delays the others for long. An exception ends at most one link. For the
 * loop's own thread, except {@link #stop}, {@link #hasFailed} and {@link #tasks}.
 */
final class LoopRun implements Runnable {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LoopLog.LOG, Level.ERROR);
    /** How many deferred tasks of one event run before other channels are handled. */
    private static final int MOST_DEFERRED = 64;
    /** How many TLS handshake tasks run in one turn. */
    private static final int MOST_SLOW_TASKS = 4;
    /** A selector that fails this often in a row is broken. */
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
            } catch (Throwable e) { // the selector has failed, or there is no memory
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
        clearInterrupt();
        if (!deferred.isEmpty()) { // more tasks than the budget of one event
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

    /** How long to sleep, in milliseconds: 0 until an event, negative to not sleep. */
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
        Link link = (Link) entry; // all entries of this wheel are links
        Deferrals.run(link, () -> link.due(nowNanos));
        endEvent();
    }

    /** Flushes the cork, then runs deferred tasks up to the budget. */
    private void endEvent() {
        flush();
        deferred.run(MOST_DEFERRED);
        clearInterrupt();
    }

    /** With the flag set, the selector cannot sleep. */
    private static void clearInterrupt() {
        if (Thread.interrupted()) {
            LoopLog.log(Level.DEBUG, "a callback or another thread has interrupted an event loop; ignored", null);
        }
    }

    private void flush() {
        buffers.cork().flush();
        buffers.flushTls();
    }

    // The end

    /** Closes all links and ends the thread. From any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Whether the loop has ended because of a failure. From any thread. */
    boolean hasFailed() {
        return failed;
    }

    /** No step is left out because another one throws: the loop may end because there is no memory. */
    private void closeAll() {
        attempt(() -> tasks.runTurn(onTask));
        attempt(this::failAll);
        attempt(() -> tasks.close(task -> {
            attempt(() -> runTask(task));
            runAllDeferred();
        }));
        attempt(this::failAll); // links that those tasks have opened
        closeSelector();
    }

    private void failAll() {
        for (SelectionKey key : keys()) {
            attempt(() -> ((SelectionHandler) key.attachment()).failed(new IOException("the event loop has stopped")));
        }
        runAllDeferred();
    }

    private void runAllDeferred() {
        attempt(this::flush);
        while (!deferred.isEmpty()) {
            attempt(() -> deferred.run(Integer.MAX_VALUE));
        }
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            FAILURES.log("a step at the end of an event loop has failed", e);
        }
    }

    /** The keys of all channels of this loop. From any thread, because the key set of a selector is thread-safe. */
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
        } catch (Throwable e) {
            LoopLog.log(Level.WARNING, "a selector could not be closed", e);
        }
    }
}
