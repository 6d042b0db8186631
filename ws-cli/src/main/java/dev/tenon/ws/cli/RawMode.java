package dev.tenon.ws.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process gives each key at once and echoes none, until it is closed or the process ends. Signals work
 * as always. It is set by {@code stty}, since Java has no call for it; where there is none, lines are read as the system gives them.
 */
final class RawMode implements AutoCloseable {
    private static final File TERMINAL = new File("/dev/tty");
    private static final int DEFAULT_COLUMNS = 80;

    private final String saved;
    private final Thread restore = new Thread(this::restore, "terminal-restore");

    private RawMode(String saved) {
        this.saved = saved;
    }

    /** Sets the terminal, or returns null if that is not possible here. */
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

    /** The columns of the terminal, as they are now. */
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

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook runs or has run
        }
    }

    /** What stty says about the terminal, or null if it fails. */
    private static @Nullable String stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? said : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
