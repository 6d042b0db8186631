package dev.tenon.ws.connection;

import org.jspecify.annotations.Nullable;

/**
 * A hashed timing wheel of intrusive entries: arming and disarming cost the same however many entries there are, and an
 * entry is looked at only when its slot comes up. An entry whose deadline has moved away meanwhile goes to its new slot then;
 * one whose deadline comes nearer has to be {@linkplain #update updated}.
 *
 * <pre>
 *     slot      … | now | now + 1 | now + 2 | … | now + 511 |      one slot is 134 ms
 *     entries       due     ↔ ↔       ↔             ↔ (and all that is later)
 * </pre>
 *
 * A transport has one for all of its connections on a thread, so that an idle connection costs nothing between two of its
 * deadlines. It reads no clock. Not thread-safe: for the loop's own thread.
 */
public final class Deadlines {
    /** Something that has deadlines, such as a connection. */
    public abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        /** The tick of the slot that this is in, or {@link #NONE}. */
        private long tick = NONE;

        /** For subclasses. */
        protected Entry() {}

        /**
         * When {@link #due} is to be called.
         *
         * @return nanoseconds on the wheel's clock; {@link Long#MIN_VALUE} for soon, {@link Long#MAX_VALUE} for never
         */
        public abstract long nextDeadline();

        /**
         * The deadline has come.
         *
         * @param nowNanos nanoseconds on the wheel's clock
         */
        public abstract void due(long nowNanos);
    }

    private static final long NONE = Long.MIN_VALUE;
    private static final int SHIFT = 27;
    private static final int SLOTS = 512;
    /** So many entries are handled before the channels of the loop have their turn. */
    private static final int MOST_IN_A_TURN = 256;

    private final long origin;
    private final Entry[] slots = new Entry[SLOTS];
    private long current;
    /** No entry is in a slot before this tick; {@link Long#MAX_VALUE} if there are none. */
    private long earliest = Long.MAX_VALUE;

    /**
     * An empty wheel.
     *
     * @param nowNanos nanoseconds on any clock that only goes forward, the same for all calls
     */
    public Deadlines(long nowNanos) {
        origin = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            Entry head = new Head();
            head.previous = head;
            head.next = head;
            slots[i] = head;
        }
    }

    private static final class Head extends Entry {
        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public void due(long nowNanos) {}
    }

    /**
     * Looks at the entry's deadline, and arms it if that is nearer than before.
     *
     * @param entry armed or not
     */
    public void update(Entry entry) {
        long deadline = entry.nextDeadline();
        if (deadline == Long.MAX_VALUE) {
            return; // if it is armed, that is found out when its slot comes up
        }
        long tick = tickOf(deadline);
        if (entry.tick == NONE) {
            insert(entry, tick);
        } else if (tick < entry.tick) {
            unlink(entry);
            insert(entry, tick);
        }
    }

    /** The first tick that is not before a deadline, but within the wheel, and not one that is under way. */
    private long tickOf(long deadline) {
        if (deadline == Long.MIN_VALUE) {
            return current + 1;
        }
        long tick = (deadline - origin + (1L << SHIFT) - 1) >> SHIFT;
        return Math.max(current + 1, Math.min(tick, current + SLOTS - 1));
    }

    private void insert(Entry entry, long tick) {
        Entry head = slots[(int) (tick & SLOTS - 1)];
        Entry last = head.previous;
        entry.previous = last;
        entry.next = head;
        entry.tick = tick;
        head.previous = entry;
        if (last != null) {
            last.next = entry;
        }
        earliest = Math.min(earliest, tick);
    }

    /**
     * Forgets an entry.
     *
     * @param entry armed or not
     */
    public void remove(Entry entry) {
        if (entry.tick != NONE) {
            unlink(entry);
        }
    }

    private static void unlink(Entry entry) {
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before != null && after != null) {
            before.next = after;
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        entry.tick = NONE;
    }

    /**
     * When {@link #expire} is to be called next.
     *
     * @return nanoseconds on the wheel's clock, or {@link Long#MAX_VALUE}
     */
    public long nextNanos() {
        return earliest == Long.MAX_VALUE ? Long.MAX_VALUE : origin + (earliest << SHIFT);
    }

    /**
     * Calls the entries whose time has come, at most a turn's worth of them: {@link #nextNanos} says when to go on. What an
     * entry throws goes to the handler.
     *
     * @param nowNanos nanoseconds on the wheel's clock
     * @param handler calls each entry that is due
     */
    public void expire(long nowNanos, Handler handler) {
        int budget = MOST_IN_A_TURN;
        long now = (nowNanos - origin) >> SHIFT;
        while (earliest <= now) {
            current = Math.max(current, earliest);
            Entry head = slots[(int) (earliest & SLOTS - 1)];
            Entry entry = head.next;
            while (entry != null && entry != head) {
                if (budget-- == 0) {
                    return;
                }
                unlink(entry);
                call(entry, nowNanos, handler);
                entry = head.next;
            }
            earliest = following(earliest);
        }
        current = Math.max(current, now);
    }

    private void call(Entry entry, long nowNanos, Handler handler) {
        long deadline = entry.nextDeadline();
        if (deadline == Long.MIN_VALUE || (deadline != Long.MAX_VALUE && deadline - nowNanos <= 0)) {
            handler.due(entry, nowNanos);
        }
        update(entry);
    }

    /** The next tick after one that has an entry. */
    private long following(long tick) {
        for (long t = tick + 1; t < tick + SLOTS; t++) {
            Entry head = slots[(int) (t & SLOTS - 1)];
            if (head.next != head) {
                return t;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Calls an entry that is due. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Calls {@link Entry#due}, and handles what that throws.
         *
         * @param entry is due
         * @param nowNanos nanoseconds on the wheel's clock
         */
        void due(Entry entry, long nowNanos);
    }
}
