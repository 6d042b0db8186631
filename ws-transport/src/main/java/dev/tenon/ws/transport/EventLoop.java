package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Workspace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread, one selector, and the buffers that all of its links share: one that every read goes into, and one (the
 * cork) in which what a link sends gathers until the event at hand is done, so that it leaves in one write.
 *
 * <p>{@link #execute} may be called from any thread, everything else from this loop's own.
 */
public final class EventLoop implements ConnectionExecutor {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.transport");
    private static final Seldom FAILURES = new Seldom(LOG, Level.ERROR);
    private static final int READ_BUFFER = 256 * 1024;
    private static final int CORK = 64 * 1024;
    private static final long TICK_MILLIS = 250;
    /** How many tasks are run before the channels have their turn, however many come. */
    private static final int TASKS_IN_A_ROW = 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    /** Handles the readiness of one channel; the attachment of every selection key. */
    interface Ready {
        /** The channel is ready for one or more of its interests. */
        void ready(SelectionKey key) throws IOException;

        /** Time goes on. */
        void tick(long nowNanos);

        /** Something that was called has thrown, or the channel has failed: end it. */
        void failed(Throwable cause);

        /** The loop is about to stop. */
        void drain();
    }

    private final LinkCount links;
    private final LoopCounters counters = new LoopCounters();
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean stopping;
    /** No task is run any more. */
    private volatile boolean ended;
    /** Nothing new is taken on; for this loop's thread only. */
    private boolean draining;

    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER);
    private final ByteBuffer cork = ByteBuffer.allocateDirect(CORK);
    private @Nullable Link corked;
    private final ByteBuffer[] pair = {EMPTY, EMPTY};
    private final ArrayDeque<Runnable> afterEvent = new ArrayDeque<>();
    private final ChunkPool chunks = new ChunkPool();
    private final Workspace workspace = new Workspace(this);
    private final TimerQueue timers = new TimerQueue();
    private @Nullable TlsBuffers tlsBuffers;
    private final Consumer<SelectionKey> onReady = this::ready;
    private long nextTick;

    EventLoop(ThreadFactory threads, LinkCount links) throws IOException {
        this.links = links;
        selector = Selector.open();
        thread = threads.newThread(this::run);
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
        return inLoop();
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
     * Runs a task on this loop, behind all that were given before. Safe from any thread; one wake-up serves all tasks
     * that come before the loop gets to them.
     *
     * @param task what to run
     * @throws RejectedExecutionException if the loop has stopped
     */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (ended && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop has stopped");
        }
        if (!awake.get() && awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
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

    /**
     * What this loop has counted.
     *
     * @return the counters, to be written on this loop only
     */
    public LoopCounters counters() {
        return counters;
    }

    private void run() {
        try {
            while (!stopping) {
                if (tasks.isEmpty()) {
                    selector.select(onReady, timers.isEmpty() ? TICK_MILLIS : millisToTimer());
                } else {
                    selector.selectNow(onReady);
                }
                awake.set(false);
                runTasks(TASKS_IN_A_ROW);
                runTimers();
                tickIfDue(System.nanoTime());
            }
        } catch (Throwable e) {
            log(Level.ERROR, "an event loop has failed; its connections are closed", e);
            stopping = true;
        } finally {
            closeAll();
        }
    }

    private void ready(SelectionKey key) {
        Ready channel = (Ready) key.attachment();
        try {
            channel.ready(key);
        } catch (Throwable e) {
            fail(channel, e);
        }
        endEvent();
    }

    private void fail(Ready channel, Throwable cause) {
        if (!(cause instanceof IOException)) {
            FAILURES.log("a connection has failed for a reason of this end's own", cause);
        }
        channel.failed(cause);
    }

    /** Logs if that is possible: without descriptors the first record of a logger may fail, which must not end a loop. */
    static void log(Level level, String message, @Nullable Throwable cause) {
        try {
            LOG.log(level, message, cause);
        } catch (Throwable unable) {
            // there is no one left to tell
        }
    }

    private void runTasks(int most) {
        Runnable task;
        for (int i = 0; i < most && (task = tasks.poll()) != null; i++) {
            runTask(task);
        }
    }

    private void runTask(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            FAILURES.log("a task of an event loop has failed", e);
        }
        endEvent();
    }

    private long millisToTimer() {
        return timers.millisToNext(System.nanoTime(), TICK_MILLIS);
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

    private void tickIfDue(long now) {
        if (now - nextTick < 0) {
            return;
        }
        nextTick = now + TICK_MILLIS * 1_000_000;
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            Ready channel = (Ready) key.attachment();
            try {
                channel.tick(now);
            } catch (Throwable e) {
                fail(channel, e);
            }
            endEvent();
        }
    }

    /** What was corked leaves, then what had to wait for the end of the event is done. */
    private void endEvent() {
        flushCork();
        Runnable next;
        while ((next = afterEvent.poll()) != null) {
            try {
                next.run();
            } catch (Throwable e) {
                FAILURES.log("a listener has failed at the end of its connection", e);
            }
            flushCork();
        }
    }

    private void closeAll() {
        draining = true;
        runTasks(tasks.size());
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            ((Ready) key.attachment()).failed(new IOException("the event loop has stopped"));
        }
        endEvent();
        ended = true;
        runTasks(Integer.MAX_VALUE); // what has come in the meantime: later it is refused
        closeSelector();
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            log(Level.WARNING, "a selector could not be closed", e);
        }
    }

    SelectionKey register(SelectableChannel channel, int interest, Ready attachment) throws IOException {
        return channel.register(selector, interest, attachment);
    }

    @Nullable
    SelectionKey keyOf(SelectableChannel channel) {
        return channel.keyFor(selector);
    }

    /** Runs something when the event at hand is done: not under the feet of what is running. */
    void afterEvent(Runnable task) {
        afterEvent.add(task);
    }

    LinkCount links() {
        return links;
    }

    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    ChunkPool chunks() {
        return chunks;
    }

    TlsBuffers tlsBuffers() {
        if (tlsBuffers == null) {
            tlsBuffers = new TlsBuffers();
        }
        return tlsBuffers;
    }

    /** The cork, with room for some bytes of a link. */
    ByteBuffer cork(Link link, int room) {
        if (corked != link) {
            flushCork();
            corked = link;
        } else if (cork.remaining() < room) {
            flushCork();
            corked = link;
        }
        return cork;
    }

    /** What a link has in the cork, ready to be read; empty if there is nothing. The cork is free after that. */
    ByteBuffer uncork(Link link) {
        if (corked != link) {
            return EMPTY;
        }
        corked = null;
        return cork.flip();
    }

    private void flushCork() {
        Link link = corked;
        if (link != null) {
            try {
                link.flush();
            } catch (Throwable e) { // a tap has thrown: that ends its connection, not the loop
                fail(link, e);
            }
        }
    }

    /** The cork's bytes have been taken. */
    void corkTaken() {
        if (corked == null) {
            cork.clear();
        }
    }

    /** Two buffers for a gathering write, in an array that all links of this loop use. */
    ByteBuffer[] pair(ByteBuffer head, ByteBuffer body) {
        pair[0] = head;
        pair[1] = body;
        return pair;
    }

    /** Tells everything on this loop to end in good order. Safe from any thread. */
    void drain() {
        try {
            execute(() -> {
                draining = true;
                for (SelectionKey key : new ArrayList<>(selector.keys())) {
                    ((Ready) key.attachment()).drain();
                    endEvent();
                }
            });
        } catch (RejectedExecutionException stopped) {
            // stopped before: there is nothing left to tell
        }
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

    /** Waits for the loop to end, however often the caller is interrupted; returns whether it was. */
    boolean joinInterrupted() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
