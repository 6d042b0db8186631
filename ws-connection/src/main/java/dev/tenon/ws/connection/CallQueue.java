package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a listener that wait for its executor: made one at a time and in order, each seeing what those before it have
 * written. Thread-safe.
 */
final class CallQueue {
    /** How many pings and pongs may wait; of more the application is not told. */
    static final int MOST_CONTROL = 64;

    private static final int OVERHEAD = 128;
    /** How many calls in a row before other connections have their turn on the executor's thread. */
    private static final int TURN = 32;

    enum Kind {
        MESSAGE,
        CONTROL,
        WRITABLE,
        /** Also told after a failure. */
        ALWAYS
    }

    /** Whose calls these are. */
    interface Owner {
        /** A call has been made, and there is room for one more. */
        void called();

        /** The executor has refused a call: the connection has to fail. What waits is then called where this is. */
        void rejected(Throwable thrown);
    }

    private record Waiting(Kind kind, long cost, Runnable call) {
        boolean isDropped() {
            return kind != Kind.ALWAYS;
        }
    }

    private final Executor executor;
    private final Owner owner;
    /** Guards what follows, and is what still has to be called. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);

    private long cost;
    private int controls;
    private boolean writable;
    /** Whether somebody calls, or is about to. */
    private boolean running;
    /** Whether nothing is told any more but errors and the end. */
    private boolean over;

    CallQueue(Executor executor, Owner owner) {
        this.executor = executor;
        this.owner = owner;
    }

    /** Adds a call, unless it is of a kind that is no longer told. */
    void add(Kind kind, long length, Runnable call) {
        synchronized (waiting) {
            if (!takes(kind)) {
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
        if (!isOver()) { // else this is how the failure itself, or the end, is told
            owner.rejected(rejected);
        }
        run();
    }

    /**
     * Has the executor make the calls; returns what it throws if it refuses. An executor may call on this thread: what the
     * last call throws then, which nobody else is left to take, is thrown on.
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

    /** Makes calls, and keeps what the last of them has thrown. */
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

    /** Whether a call is told, and counts it then. */
    private boolean takes(Kind kind) {
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

    /** What waits, in bytes. */
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

    /** Drops what waits and what still comes, but for errors and the end. */
    void discard() {
        synchronized (waiting) {
            over = true;
            waiting.stream().filter(Waiting::isDropped).forEach(this::forget);
            waiting.removeIf(Waiting::isDropped);
        }
    }

    /** Makes the calls that wait; when other connections should have a turn, goes to the end of the executor's queue. */
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
            } // else the calls go on here; the next submission is refused too, and reports it
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
