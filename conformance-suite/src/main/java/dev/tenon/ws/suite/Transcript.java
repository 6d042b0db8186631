package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;

/** The sent and received frames, line by line. Thread-safe. */
final class Transcript {
    private static final int MOST = 120;

    private final long begin = System.nanoTime();
    private final List<Line> lines = new ArrayList<>();
    private int left;

    /** One event; {@code who} is "sent", "received" or "note". */
    record Line(long micros, String who, String what, String bytes) {}

    void sent(String what, byte[] bytes) {
        add(new Line(micros(System.nanoTime()), "sent", what, Octets.dump(bytes)));
    }

    void sentHead(String what, String head) {
        add(new Line(micros(System.nanoTime()), "sent", what, head));
    }

    void received(Arrival.SeenFrame frame) {
        add(new Line(micros(frame.nanos()), "received", frame.describe(), Octets.dump(frame.payload())));
    }

    void received(String what, String bytes) {
        add(new Line(micros(System.nanoTime()), "received", what, bytes));
    }

    void note(String what) {
        add(new Line(micros(System.nanoTime()), "note", what, ""));
    }

    private long micros(long nanos) {
        return Math.max(0, (nanos - begin) / 1_000);
    }

    private synchronized void add(Line line) {
        if (lines.size() < MOST) {
            lines.add(line);
        } else {
            left++;
        }
    }

    synchronized List<Line> lines() {
        List<Line> all = new ArrayList<>(lines);
        if (left > 0) {
            all.add(new Line(micros(System.nanoTime()), "note", left + " more events are not shown", ""));
        }
        return all;
    }
}
