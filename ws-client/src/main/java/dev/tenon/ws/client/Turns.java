package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoop;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * So many at a time for each key, the others in the order in which they came (RFC 6455 §4.1, point 2). Thread-safe.
 *
 * @param <K> what the turns are counted by
 */
final class Turns<K> {
    private final int atOnce;
    private final Map<K, Line> lines = new HashMap<>();

    Turns(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Those that wait for one key, and the number of those that do not wait any more. */
    private final class Line {
        final Set<Turn> waiting = new LinkedHashSet<>();
        int held;
    }

    /** A place in the line. */
    final class Turn {
        private final K key;
        private final EventLoop loop;
        private final Runnable begin;
        private boolean over;

        private Turn(K key, EventLoop loop, Runnable begin) {
            this.key = key;
            this.loop = loop;
            this.begin = begin;
        }

        /** Ends the turn, or the waiting for it, and lets the next one begin. Does nothing the second time. */
        void end() {
            Turn next = leave(this);
            if (next != null) {
                next.begin();
            }
        }

        private void begin() {
            try {
                loop.execute(begin);
            } catch (RejectedExecutionException stopped) {
                end();
            }
        }
    }

    /** Gets in line. When it is its turn, {@code begin} runs on the loop: later, never before this returns. */
    Turn take(K key, EventLoop loop, Runnable begin) {
        Turn turn = new Turn(key, loop, begin);
        if (enter(turn)) {
            turn.begin();
        }
        return turn;
    }

    private synchronized boolean enter(Turn turn) {
        Line line = lines.computeIfAbsent(turn.key, key -> new Line());
        if (line.held < atOnce) {
            line.held++;
            return true;
        }
        line.waiting.add(turn);
        return false;
    }

    /** Returns whose turn it is now, if this changes that. */
    private synchronized @Nullable Turn leave(Turn turn) {
        Line line = lines.get(turn.key);
        if (turn.over || line == null) {
            return null;
        }
        turn.over = true;
        if (line.waiting.remove(turn)) {
            return null;
        }
        Iterator<Turn> waiting = line.waiting.iterator();
        if (waiting.hasNext()) {
            Turn next = waiting.next();
            waiting.remove();
            return next;
        }
        if (--line.held == 0) {
            lines.remove(turn.key);
        }
        return null;
    }

    /** For tests: how many keys are in use. */
    synchronized int keys() {
        return lines.size();
    }
}
