package dev.tenon.ws.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Prints what the client receives to the standard output, and all else to the standard error. Thread-safe, line by
 * line. Control characters are escaped before they reach a terminal, so that no peer can control it. Files and pipes
 * get messages exactly as they came.
 */
final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private volatile @Nullable LineEditor editor;

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

    /** From here on a line is being typed, which what is printed must not tear. */
    void edit(LineEditor newEditor) {
        editor = newEditor;
    }

    /** Something that the peer has sent. */
    void arrived(String text) {
        print(() -> out.println(interactive ? escaped(text) : text));
    }

    /** Bytes for a pipe, as they are. */
    void bytes(byte[] bytes) {
        print(() -> out.write(bytes, 0, bytes.length));
    }

    private void print(Runnable lines) {
        LineEditor typing = editor;
        if (typing != null) {
            typing.aside(lines);
        } else {
            lines.run();
        }
        out.flush();
    }

    /**
     * Prints one line for the user. The peer may have sent much of it, so control characters are escaped for files
     * and pipes too.
     */
    void note(String line) {
        print(() -> err.println(line(line)));
    }

    /** Prints lines of the tool itself. */
    void help(String lines) {
        print(() -> err.println(lines));
    }

    /** The text without anything that a terminal obeys, but with its lines and tabs. */
    static String escaped(String text) {
        return escaped(text, c -> c != '\n' && c != '\t');
    }

    /** The text as one line, without anything that a terminal obeys. */
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

    /** C0 and C1 controls, and those of bidirectional text and of line ends, which move what stands around them. */
    private static boolean isObeyed(int c) {
        return c < ' '
                || (c >= 0x7F && c < 0xA0)
                || c == 0x061C
                || (c >= 0x200E && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
