package dev.tenon.ws.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sets the terminal of this process to raw mode, in which it passes on each key at once without an echo, until it is
 * closed or the process ends. Signals work as usual. It uses {@code stty}, because Java has no method for it; without
 * it, the terminal stays in line mode.
 */
final class RawMode implements AutoCloseable {
    private static final File TERMINAL = new File("/dev/tty");
    private static final int DEFAULT_COLUMNS = 80;

    private final String saved;
    private final Thread restore = new Thread(this::interrupted, "terminal-restore");

    private RawMode(String saved) {
        this.saved = saved;
    }

    /** Sets raw mode; returns null if that is not possible. */
    static @Nullable RawMode enter() {
        String saved = stty("-g");
        if (saved == null) {
            return null;
        }
        RawMode mode = new RawMode(saved);
        Runtime.getRuntime().addShutdownHook(mode.restore);
        if (stty("-icanon", "-echo", "min", "1", "time", "0") == null) {
            mode.close();
            return null;
        }
        return mode;
    }

    /** The current number of columns. */
    int columns() {
        String size = stty("size");
        try {
            int columns = size == null ? 0 : Integer.parseInt(size.replaceFirst(".* ", ""));
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (NumberFormatException e) {
            return DEFAULT_COLUMNS;
        }
    }

    private void restore() {
        stty(saved);
    }

    /** After Ctrl-C the shell's prompt begins a row of its own. */
    private void interrupted() {
        restore();
        System.err.println();
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook runs or has run
        }
    }

    /** The output of stty, or null if it fails. */
    private static @Nullable String stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
