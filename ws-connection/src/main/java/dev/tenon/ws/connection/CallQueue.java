package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a listener that wait for its executor. They are made one at a time and in order. Each call sees the
 * memory writes of the calls before it. Thread-safe.
 */
final class CallQueue {
    /** How many pings and pongs may wait; the application does not receive more. */
    static final int MOST_CONTROL = 64;

    private static final int OVERHEAD = 128;
    /** The number of calls in one turn, before other connections have their turn on the executor's thread. */
    private static final int TURN = 32;

    enum Kind {
        MESSAGE,
        CONTROL,
        WRITABLE,
        /** Is also made after a failure. */
        ALWAYS
    }

    /** The owner of the calls. */
    interface Owner {
        /** A call has been made, and there is room for one more. */
        void called();

        /**
         * The executor has refused a call, so the connection has to fail. The waiting calls are then made on this
         * thread.
         */
        void rejected(Throwable thrown);
    }

    private record Waiting(Kind kind, long cost, Runnable call) {
        boolean isDropped() {
            return kind != Kind.ALWAYS;
        }
    }

    private final Executor executor;
    private final Owner owner;
    /** The calls that have not been made. This object is also the lock for the fields below. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);

    private long cost;
    private int controls;
    private boolean writable;
    /** Whether a thread makes calls, or a turn has been submitted. */
    private boolean running;
    /** Whether all further calls are dropped, except errors and the end. */
    private boolean over;

    CallQueue(Executor executor, Owner owner) {
        this.executor = executor;
        this.owner = owner;
    }

    /** Adds a call, unless calls of its kind are dropped. */
    void add(Kind kind, long length, Runnable call) {
        synchronized (waiting) {
            if (!accepts(kind)) {
                return;
            }
            Waiting next = new Waiting(kind, length + OVERHEAD, call);
            waiting.add(next);
            cost += next.cost;
            if (running) {
                return;
            }
            running = true;
        }
        Throwable rejected = submit();
        if (rejected == null) {
            return;
        }
        if (!isOver()) { // else the refused call is an error or the end, which is made here
            owner.rejected(rejected);
        }
        run();
    }

    /**
     * Submits the calls to the executor; returns the exception if the executor refuses them. An executor may make the
     * calls on this thread. In that case an exception of the last call is thrown to the caller.
     */
    private @Nullable Throwable submit() {
        Turn turn = new Turn();
        try {
            executor.execute(turn);
            return null;
        } catch (Throwable thrown) {
            if (thrown == turn.thrown) {
                throw thrown;
            }
            return thrown;
        }
    }

    /** Makes calls, and stores the exception of the last call. */
    private final class Turn implements Runnable {
        private @Nullable Throwable thrown;

        @Override
        public void run() {
            try {
                CallQueue.this.run();
            } catch (Throwable last) {
                thrown = last;
                throw last;
            }
        }
    }

    /** Returns whether a call is accepted, and counts it if it is. */
    private boolean accepts(Kind kind) {
        return switch (kind) {
            case ALWAYS -> true;
            case MESSAGE -> !over;
            case WRITABLE -> {
                boolean first = !over && !writable;
                writable |= first;
                yield first;
            }
            case CONTROL -> {
                boolean fits = !over && controls < MOST_CONTROL;
                controls += fits ? 1 : 0;
                yield fits;
            }
        };
    }

    /** The cost of the calls that wait, in bytes. */
    long cost() {
        synchronized (waiting) {
            return cost;
        }
    }

    private boolean isOver() {
        synchronized (waiting) {
            return over;
        }
    }

    /** Drops waiting and later calls, except errors and the end. */
    void discard() {
        synchronized (waiting) {
            over = true;
            waiting.stream().filter(Waiting::isDropped).forEach(this::forget);
            waiting.removeIf(Waiting::isDropped);
        }
    }

    /**
     * Makes the calls that wait. After one turn, it submits the rest again, so that other connections have their turn.
     */
    private void run() {
        while (true) {
            for (int i = 0; i < TURN; i++) {
                Waiting next = next();
                if (next == null) {
                    return;
                }
                next.call.run();
                owner.called();
            }
            if (submit() == null) {
                return;
            } // else continue on this thread; the next submission is refused too and reports it
        }
    }

    private @Nullable Waiting next() {
        synchronized (waiting) {
            Waiting next = waiting.poll();
            if (next == null) {
                running = false;
                return null;
            }
            forget(next);
            return next;
        }
    }

    private void forget(Waiting gone) {
        cost -= gone.cost;
        if (gone.kind == Kind.WRITABLE) {
            writable = false;
        } else if (gone.kind == Kind.CONTROL) {
            controls--;
        }
    }
}
