package dev.tenon.ws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys form lines, and arriving messages do not break them; the test checks the screen of a terminal with 20 columns.
 */
class LineEditorTest {
    private static final int COLUMNS = 20;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(screen, true, UTF_8);

    private LineEditor editor(InputStream keys) {
        return new LineEditor(keys, out, () -> COLUMNS);
    }

    /**
     * Returns the rows of a terminal that supports carriage return, "clear to the end of the row" and "cursor back".
     */
    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        StringBuilder row = new StringBuilder();
        int column = 0;
        String text = screen.toString(UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                rows.add(row.toString());
                row.setLength(0);
                column = 0;
            } else if (c == '\033') {
                int end = i + 2;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                String number = text.substring(i + 2, end);
                if (text.charAt(end) == 'K') {
                    row.setLength(column);
                } else if (text.charAt(end) == 'D') {
                    column -= Integer.parseInt(number);
                }
                i = end;
            } else {
                if (column < row.length()) {
                    row.setCharAt(column, c);
                } else {
                    row.append(c);
                }
                column++;
            }
        }
        rows.add(row.toString());
        return rows;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        hello\\n                  | hello
        helo^[[Dl\\n             | hello
        xhello^A^D\\n            | hello
        ello^[[Hh^[[F!\\n        | hello!
        wrong^Uhello\\n          | hello
        hello big world^W^W\\n   | "hello "
        hello there^B^B^B^B^B^B^K\\n | hello
        hellö^?o\\n              | hello
        😀x^[OD^?y\\n            | yx
        a^[[3~^[[1~^[[3~b\\n     | b
        a^[xb\\n                 | ab
        """)
    void keysEditTheLine(String keys, String line) throws IOException {
        assertEquals(line, editor(new ByteArrayInputStream(keys(keys))).next());
        assertEquals(List.of("> " + line, ""), rows());
    }

    private static byte[] keys(String text) {
        String keys = text.replace("\\n", "\n").replace("^[", "\033").replace("^?", "\177");
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            keys = keys.replace("^" + letter, String.valueOf((char) (letter - '@')));
        }
        return keys.getBytes(UTF_8);
    }

    @Test
    void earlierLinesAreRecalled() throws IOException {
        LineEditor editor = editor(new ByteArrayInputStream(keys("one\\ntwo\\n^P^P!\\n^P^N\\n^D")));
        assertEquals("one", editor.next());
        assertEquals("two", editor.next());
        assertEquals("one!", editor.next());
        assertEquals("", editor.next());
        assertNull(editor.next());
    }

    @Test
    void arrivingMessagesAreShownAboveTheEditedLine() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        LineEditor editor = editor(new PipedInputStream(typed));
        CompletableFuture<String> line = read(editor);
        typed.write("half a li".getBytes(UTF_8));
        typed.flush();
        awaitRow("> half a li");
        editor.printAbove(() -> out.println("a message"));
        editor.printAbove(() -> out.println("another one"));
        assertEquals(List.of("a message", "another one", "> half a li"), rows());
        typed.write("ne\n".getBytes(UTF_8));
        typed.flush();
        assertEquals("half a line", line.get(20, TimeUnit.SECONDS));
        assertEquals(List.of("a message", "another one", "> half a line", ""), rows());
    }

    @Test
    void theEndOfTheConnectionTakesThePromptAway() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        LineEditor editor = editor(new PipedInputStream(typed));
        CompletableFuture<String> line = read(editor);
        typed.write("abc".getBytes(UTF_8));
        typed.flush();
        awaitRow("> abc");
        editor.printAbove(() -> out.println("closed"));
        editor.dismiss();
        assertEquals(List.of("closed", ""), rows());
        editor.printAbove(() -> out.println("late"));
        assertEquals(List.of("closed", "late", ""), rows());
        typed.close();
        assertEquals("null", line.get(20, TimeUnit.SECONDS));
    }

    private static CompletableFuture<String> read(LineEditor editor) {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                line.complete(String.valueOf(editor.next()));
            } catch (IOException e) {
                line.completeExceptionally(e);
            }
        });
        reader.start();
        return line;
    }

    private void awaitRow(String last) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!rows().get(rows().size() - 1).equals(last)) {
            assertFalse(System.nanoTime() > deadline, () -> rows().toString());
            Thread.onSpinWait();
        }
    }

    @Test
    void aLineThatIsTooLongForTheRowShowsThePartAroundTheCursor() throws IOException {
        editor(new ByteArrayInputStream(keys("abcdefghijklmnopqrstuvwxyz"))).next();
        for (String row : screen.toString(UTF_8).split("\r", -1)) {
            assertFalse(row.replaceAll("\033\\[\\d*[A-Z]", "").length() >= COLUMNS, row);
        }
        assertEquals(2, LineEditor.columns("世", 0, 1));
        assertEquals(1, LineEditor.columns("e\u0301", 0, 2));
    }
}
