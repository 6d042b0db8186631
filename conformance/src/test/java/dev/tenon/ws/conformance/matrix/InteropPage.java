package dev.tenon.ws.conformance.matrix;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The page with the tables. A table begins after a line {@code <!-- name -->} with two header lines, and ends before
 * {@code <!-- end -->}.
 */
final class InteropPage {
    private final Path file = Path.of(System.getProperty("tenon.root", ".."), "docs", "interop.md");
    private final String begin;

    InteropPage(String table) {
        begin = "<!-- " + table + " -->";
    }

    /** Returns the rows of the table by the name of the peer. */
    Map<String, Row> rows() throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.subList(firstRow(lines), end(lines)).stream()
                .map(Row::parse)
                .collect(Collectors.toMap(row -> row.get(Row.Column.PEER), Function.identity()));
    }

    /** Returns the whole page as one line. */
    String text() throws IOException {
        return String.join(" ", Files.readAllLines(file));
    }

    private int firstRow(List<String> lines) {
        return lines.indexOf(begin) + 3;
    }

    private int end(List<String> lines) {
        int first = firstRow(lines);
        return first + lines.subList(first, lines.size()).indexOf("<!-- end -->");
    }

    /**
     * Replaces the row of the same name, or adds it; sorts the rows in the order of the names, and removes all others.
     */
    void write(Row row, List<String> order) throws IOException {
        // two processes test the tables at the same time
        try (FileChannel channel = FileChannel.open(Path.of("target", "interop.lock"), CREATE, WRITE)) {
            channel.lock();
            Map<Integer, String> rows = new TreeMap<>();
            rows().values().forEach(old -> rows.put(order.indexOf(old.get(Row.Column.PEER)), old.line()));
            rows.put(order.indexOf(row.get(Row.Column.PEER)), row.line());
            rows.remove(-1);
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            List<String> table = lines.subList(firstRow(lines), end(lines));
            table.clear();
            table.addAll(rows.values());
            Files.write(file, lines);
        }
    }
}
