package dev.tenon.ws.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Prints received messages to the standard output, and other lines to the standard error. Thread-safe, line by line. On
 * a terminal it escapes control characters, so that no peer can control the terminal. Files and pipes get messages
 * unchanged.
 */
final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private volatile @Nullable LineEditor editor;
    private volatile boolean broken;

    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.interactive = isInteractive();
    }

    /** Whether the standard output is a terminal. On JDK 22 and later a console exists without one too. */
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

    /** Starts to keep a line of input intact while other lines are printed. */
    void edit(LineEditor newEditor) {
        editor = newEditor;
    }

    /** Prints a message of the peer. */
    void arrived(String text) {
        print(() -> out.println(interactive ? escaped(text) : text));
    }

    /** Writes bytes to a pipe, unchanged. */
    void bytes(byte[] bytes) {
        print(() -> out.write(bytes, 0, bytes.length));
    }

    private void print(Runnable lines) {
        LineEditor typing = editor;
        if (typing != null) {
            typing.printAbove(lines);
        } else {
            lines.run();
        }
        broken |= out.checkError(); // which flushes
    }

    /** Whether the standard output takes nothing more, such as a pipe whose reader has ended. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Prints one line for the user. Control characters are escaped for files and pipes too, because parts of the line
     * may come from the peer.
     */
    void note(String line) {
        print(() -> err.println(line(line)));
    }

    /** Prints lines of the tool itself. */
    void help(String lines) {
        print(() -> err.println(lines));
    }

    /** Escapes control characters except line feeds and tabs. */
    static String escaped(String text) {
        return escaped(text, c -> c != '\n' && c != '\t');
    }

    /** Escapes all control characters. */
    static String line(String text) {
        return escaped(text, c -> true);
    }

    private static String escaped(String text, IntPredicate also) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (isObeyed(c) && also.test(c)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    /** Whether a character is a C0 or C1 control, a bidirectional control or a line separator. */
    private static boolean isObeyed(int c) {
        return c < ' '
                || (c >= 0x7F && c < 0xA0)
                || c == 0x061C
                || (c >= 0x200E && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
