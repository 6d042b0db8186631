package dev.tenon.ws.netty;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.ThreadContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The objects that all connections of one event loop share: a thread context, a timing wheel with one scheduled task,
 * and the list of connections that have written outside of their own events. For the loop's own thread; {@link
 * #execute} may be called from any thread.
 */
final class LoopContext implements ConnectionExecutor {
    private static final FastThreadLocal<LoopContext> OF_THREAD = new FastThreadLocal<>();

    private final EventLoop loop;
    private final ThreadContext threadContext;
    private final Deadlines deadlines;
    private final InputScratch inputScratch = new InputScratch();
    private final OutputScratch outputScratch = new OutputScratch();
    private List<ChannelConnection> unsettled = new ArrayList<>();
    private List<ChannelConnection> spare = new ArrayList<>();
    private @Nullable Future<?> timer;
    private long timerNanos;

    private LoopContext(EventLoop loop) {
        this.loop = loop;
        this.threadContext = new ThreadContext(this);
        this.deadlines = new Deadlines(nanoTime());
    }

    /** Returns the context of an event loop. The caller must run on the thread of the loop. */
    static LoopContext of(EventLoop loop) {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("a WebSocket belongs to the event loop of its channel");
        }
        LoopContext known = OF_THREAD.get();
        if (known == null || known.loop != loop) {
            known = new LoopContext(loop);
            OF_THREAD.set(known);
        }
        return known;
    }

    ThreadContext threadContext() {
        return threadContext;
    }

    InputScratch inputScratch() {
        return inputScratch;
    }

    OutputScratch outputScratch() {
        return outputScratch;
    }

    long nanoTime() {
        return loop.ticker().nanoTime();
    }

    @Override
    public boolean isCurrentThread() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    // Writes outside of a connection's own events

    /** Settles a connection in a later task of the loop. That task settles all waiting connections. */
    void settleLater(ChannelConnection connection) {
        if (unsettled.isEmpty()) {
            loop.execute(this::settleAll);
        }
        unsettled.add(connection);
    }

    private void settleAll() {
        List<ChannelConnection> now = unsettled;
        unsettled = spare;
        now.forEach(ChannelConnection::settleNow);
        now.clear();
        spare = now;
    }

    // Deadlines

    /** Updates the deadline of a connection. */
    void update(ChannelConnection connection) {
        deadlines.update(connection);
        scheduleExpiry();
    }

    void remove(ChannelConnection connection) {
        deadlines.remove(connection);
    }

    private void scheduleExpiry() {
        long next = deadlines.nextNanos();
        Future<?> set = timer;
        if (next == Long.MAX_VALUE || (set != null && next - timerNanos >= 0)) {
            return;
        }
        if (set != null) {
            set.cancel(false);
        }
        timerNanos = next;
        ScheduledFuture<?> scheduled =
                loop.schedule(this::expire, Math.max(0, next - nanoTime()), TimeUnit.NANOSECONDS);
        timer = scheduled;
    }

    private void expire() {
        timer = null;
        deadlines.expire(nanoTime(), Deadlines.Entry::due);
        scheduleExpiry();
    }
}
