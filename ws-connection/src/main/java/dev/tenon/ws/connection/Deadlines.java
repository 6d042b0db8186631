package dev.tenon.ws.connection;

import org.jspecify.annotations.Nullable;

/**
 * A hashed timing wheel of intrusive entries. The cost of arming and disarming does not depend on the number of
 * entries. The wheel checks an entry only when its slot is due. If the deadline of the entry is later by then, the
 * entry moves to its new slot. If a deadline becomes earlier, the entry has to be {@linkplain #update updated}.
 *
 * <pre>
 *     slot      … | now | now + 1 | now + 2 | … | now + 511 |      one slot is 134 ms
 *     entries       due     ↔ ↔       ↔             ↔ (and all that is later)
 * </pre>
 *
 * A transport has one wheel for all of its connections on a thread, so that an idle connection costs nothing between
 * two deadlines. The wheel reads no clock. Not thread-safe: only the loop's thread may use it.
 */
public final class Deadlines {
    /** An object with deadlines, such as a connection. */
    public abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        /** The tick of the slot that contains this entry, or {@link #NONE}. */
        private long tick = NONE;

        /** Creates an entry. */
        protected Entry() {}

        /**
         * Returns when {@link #due} has to be called.
         *
         * @return nanoseconds on the wheel's clock; {@link Long#MIN_VALUE} for the next tick, {@link Long#MAX_VALUE}
         *     for never
         */
        public abstract long nextDeadline();

        /**
         * The deadline has passed.
         *
         * @param nowNanos nanoseconds on the wheel's clock
         */
        public abstract void due(long nowNanos);
    }

    private static final long NONE = Long.MIN_VALUE;
    private static final int SHIFT = 27;
    private static final int SLOTS = 512;
    /** The number of entries that are handled in one turn, before the channels of the loop have their turn. */
    private static final int MOST_IN_A_TURN = 256;

    private final long origin;
    private final Entry[] slots = new Entry[SLOTS];
    private long current;
    /** No entry is in a slot before this tick; {@link Long#MAX_VALUE} if there are no entries. */
    private long earliest = Long.MAX_VALUE;

    /**
     * Creates an empty wheel.
     *
     * @param nowNanos nanoseconds on any monotonic clock, the same clock for all calls
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
     * Checks the entry's deadline, and moves the entry to an earlier slot if the deadline is earlier than before.
     *
     * @param entry armed or not
     */
    public void update(Entry entry) {
        long deadline = entry.nextDeadline();
        if (deadline == Long.MAX_VALUE) {
            return; // if the entry is armed, the wheel sees this when its slot is due
        }
        long tick = tickOf(deadline);
        if (entry.tick == NONE) {
            insert(entry, tick);
        } else if (tick < entry.tick) {
            unlink(entry);
            insert(entry, tick);
        }
    }

    /** Returns the first tick that is not before a deadline. It is after the current tick and within the wheel. */
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
     * Removes an entry.
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
     * Returns when {@link #expire} has to be called next.
     *
     * @return nanoseconds on the wheel's clock, or {@link Long#MAX_VALUE}
     */
    public long nextNanos() {
        return earliest == Long.MAX_VALUE ? Long.MAX_VALUE : origin + (earliest << SHIFT);
    }

    /**
     * Calls the entries that are due, up to the limit of one turn. Afterwards {@link #nextNanos} returns when to
     * continue. The handler receives the entries and handles their exceptions.
     *
     * @param nowNanos nanoseconds on the wheel's clock
     * @param handler calls the entries that are due
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

    /** Returns the next tick after the given one that has an entry. */
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
         * Calls {@link Entry#due}, and handles its exceptions.
         *
         * @param entry the entry that is due
         * @param nowNanos nanoseconds on the wheel's clock
         */
        void due(Entry entry, long nowNanos);
    }
}
