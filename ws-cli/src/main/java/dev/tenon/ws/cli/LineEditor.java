package dev.tenon.ws.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line editor for a terminal in raw mode ({@link RawMode}). Other output is printed above the prompt, so the edited
 * line stays visible. The keys are those of Emacs and readline. Thread-safe: one thread reads lines, others print.
 */
final class LineEditor implements LineInput.Lines {
    private static final String PROMPT = "> ";
    private static final String CLEAR_LINE = "\r\033[K";
    private static final char ESCAPE = '\033';

    private final Reader keys;
    private final PrintStream screen;
    private final IntSupplier width;
    private final List<String> history = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private int cursor;
    private int place;
    private boolean shown;

    /**
     * An editor for UTF-8.
     *
     * @param screen the terminal
     * @param width its number of columns, read again for each line
     */
    LineEditor(InputStream keys, PrintStream screen, IntSupplier width) {
        this.keys = new InputStreamReader(keys, StandardCharsets.UTF_8);
        this.screen = screen;
        this.width = width;
    }

    /** Prints whole lines above the prompt. */
    synchronized void printAbove(Runnable lines) {
        if (shown) {
            screen.print(CLEAR_LINE);
            screen.flush();
        }
        lines.run();
        draw();
    }

    /** Clears the prompt, and shows it no more. */
    synchronized void dismiss() {
        if (shown) {
            screen.print(CLEAR_LINE);
            screen.flush();
            shown = false;
        }
    }

    @Override
    public @Nullable String next() throws IOException {
        begin();
        while (true) {
            int key = keys.read();
            if (key < 0) {
                return end(false);
            }
            synchronized (this) {
                if (key == '\r' || key == '\n') {
                    return end(true);
                }
                if (key == control('D') && line.length() == 0) {
                    return end(false);
                }
                press(key);
                draw();
            }
        }
    }

    private synchronized void begin() {
        place = history.size();
        shown = true;
        draw();
    }

    /** Ends the line, which stays on the screen if it was entered. Returns it, or null at the end of the input. */
    private synchronized @Nullable String end(boolean entered) {
        String typed = line.toString();
        screen.print(CLEAR_LINE + (entered ? PROMPT + Terminal.line(typed) + System.lineSeparator() : ""));
        screen.flush();
        shown = false;
        if (entered && !typed.isEmpty()) {
            history.add(typed);
        }
        replace("");
        return entered ? typed : null;
    }

    private static int control(char letter) {
        return letter - '@';
    }

    private void press(int key) throws IOException {
        if (key == ESCAPE) {
            sequence();
        } else if (key == 0x7F || key == control('H')) {
            int before = before();
            line.delete(before, cursor);
            cursor = before;
        } else if (key == control('A')) {
            cursor = 0;
        } else if (key == control('E')) {
            cursor = line.length();
        } else if (key == control('B')) {
            cursor = before();
        } else if (key == control('F')) {
            cursor = after();
        } else if (key == control('D')) {
            line.delete(cursor, after());
        } else if (key == control('K')) {
            line.setLength(cursor);
        } else if (key == control('U')) {
            line.delete(0, cursor);
            cursor = 0;
        } else if (key == control('W')) {
            int word = wordBefore();
            line.delete(word, cursor);
            cursor = word;
        } else if (key == control('P')) {
            recall(-1);
        } else if (key == control('N')) {
            recall(1);
        } else if (key >= ' ' || key == '\t') {
            line.insert(cursor++, (char) key);
        }
    }

    /** Reads the escape sequence of a key such as an arrow: ESC [ A, ESC O A, ESC [ 3 ~. */
    private void sequence() throws IOException {
        int kind = keys.read();
        if (kind != '[' && kind != 'O') {
            return;
        }
        StringBuilder parameters = new StringBuilder();
        int last = keys.read();
        while (last >= 0 && last < '@') {
            parameters.append((char) last);
            last = keys.read();
        }
        switch (last == '~' ? parameters.toString() : String.valueOf((char) last)) {
            case "A" -> recall(-1);
            case "B" -> recall(1);
            case "C" -> cursor = after();
            case "D" -> cursor = before();
            case "H", "1" -> cursor = 0;
            case "F", "4" -> cursor = line.length();
            case "3" -> line.delete(cursor, after());
            default -> {}
        }
    }

    private int before() {
        return cursor == 0 ? 0 : line.offsetByCodePoints(cursor, -1);
    }

    private int after() {
        return cursor == line.length() ? cursor : line.offsetByCodePoints(cursor, 1);
    }

    private int wordBefore() {
        int start = cursor;
        while (start > 0 && line.charAt(start - 1) == ' ') {
            start--;
        }
        while (start > 0 && line.charAt(start - 1) != ' ') {
            start--;
        }
        return start;
    }

    private void recall(int step) {
        int to = place + step;
        if (to >= 0 && to <= history.size()) {
            place = to;
            replace(to == history.size() ? "" : history.get(to));
        }
    }

    private void replace(String text) {
        line.setLength(0);
        line.append(text);
        cursor = text.length();
    }

    /** Draws the part of the line around the cursor that fits into one row. */
    private void draw() {
        if (!shown) {
            return;
        }
        int room = Math.max(8, width.getAsInt() - PROMPT.length() - 1);
        int from = cursor;
        while (from > 0 && columns(line, line.offsetByCodePoints(from, -1), cursor) < room) {
            from = line.offsetByCodePoints(from, -1);
        }
        int to = cursor;
        while (to < line.length() && columns(line, from, line.offsetByCodePoints(to, 1)) <= room) {
            to = line.offsetByCodePoints(to, 1);
        }
        int back = columns(line, cursor, to);
        screen.print(CLEAR_LINE + PROMPT + visible(line.substring(from, to)) + (back > 0 ? "\033[" + back + "D" : ""));
        screen.flush();
    }

    /** Shows a tab as one column, and replaces control characters. */
    private static String visible(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]", "\u00b7");
    }

    /** The number of columns of a part of the line. */
    static int columns(CharSequence text, int from, int to) {
        return text.subSequence(from, to).codePoints().map(LineEditor::columns).sum();
    }

    private static int columns(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || c == 0x200D) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0x1F300 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
