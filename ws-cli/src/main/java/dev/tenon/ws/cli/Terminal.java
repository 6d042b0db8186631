package dev.tenon.ws.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Where the client prints: what the peer says to the standard output, all else to the standard error. Thread-safe, line by
 * line. In front of a person control characters are escaped, so that no peer can write to the terminal's own tongue; into
 * a file or a pipe goes exactly what came.
 */
final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;

    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.interactive = isInteractive();
    }

    /** Whether a person sits there. On JDK 22 and later there is a console without one too, which then says so. */
    @SuppressWarnings("SystemConsoleNull") // below
    private static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    boolean interactive() {
        return interactive;
    }

    /** Something that the peer has sent. */
    void arrived(String text) {
        out.println(interactive ? escaped(text) : text);
        out.flush();
    }

    /** Something to know. */
    void note(String line) {
        err.println(line);
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if ((c < ' ' && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
