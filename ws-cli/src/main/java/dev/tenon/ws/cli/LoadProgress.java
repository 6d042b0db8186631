package dev.tenon.ws.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Prints the progress of a benchmark: on a terminal in one line that changes four times a second, otherwise in a line
 * for each second. Not thread-safe.
 */
final class LoadProgress {
    private static final String CLEAR_LINE = "\r\033[K";
    private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private static final int SHOWN_BARS = 24;
    private static final int CONNECTED_STEP = 100;

    private final PrintStream out;
    private final boolean live;
    private final Deque<Double> rates = new ArrayDeque<>();

    LoadProgress(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** A progress on the standard error. */
    static LoadProgress onErrors() {
        return new LoadProgress(System.err, isTerminal());
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | RuntimeException e) {
            return false; // not Linux: separate lines work everywhere
        }
    }

    /** Prints a permanent line. */
    void line(String text) {
        out.println(live ? CLEAR_LINE + text : text);
    }

    void connecting(int connected, int all) {
        if (live && (connected % CONNECTED_STEP == 0 || connected == all)) {
            draw(String.format(Locale.ROOT, "connecting  %,d of %,d", connected, all));
        }
    }

    /** Called several times in a second. */
    void tick(String phase, int seconds, Duration whole, double rate, LoadCounters counters) {
        if (!live) {
            return;
        }
        rates.addLast(rate);
        if (rates.size() > SHOWN_BARS) {
            rates.removeFirst();
        }
        Latencies now = counters.thisSecond();
        draw(String.format(
                Locale.ROOT,
                "%s  %d of %s s  %s  %,.0f/s   p50 %.2f   p99 %.2f ms%s",
                phase,
                seconds,
                whole.toMillis() / 1000.0,
                bars(),
                rate,
                now.percentile(0.5) / 1e6,
                now.percentile(0.99) / 1e6,
                counters.lostCount() == 0 ? "" : "   " + counters.lostCount() + " connections lost"));
    }

    private String bars() {
        double most = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder bars = new StringBuilder();
        for (double rate : rates) {
            bars.append(BARS.charAt(most == 0 ? 0 : (int) Math.min(7, rate / most * 8)));
        }
        return bars.toString();
    }

    /** Called after each second. */
    void second(int number, LoadReport.Second second) {
        if (!live) {
            out.println(String.format(Locale.ROOT, "%4d s %s", number, second));
        }
    }

    private void draw(String text) {
        out.print(CLEAR_LINE + text);
        out.flush();
    }

    /** Called at the end. */
    void end() {
        if (live) {
            draw("");
        }
    }
}
