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

/** The page that holds the tables: a table begins behind a line {@code <!-- name -->} with two lines of head, and ends before {@code <!-- end -->}. */
final class InteropPage {
    private final Path file = Path.of(System.getProperty("tenon.root", ".."), "docs", "interop.md");
    private final String begin;

    InteropPage(String table) {
        begin = "<!-- " + table + " -->";
    }

    /** The rows of the table, by name of the peer. */
    Map<String, Row> rows() throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.subList(firstRow(lines), end(lines)).stream()
                .map(Row::parse)
                .collect(Collectors.toMap(row -> row.get(Row.Column.PEER), Function.identity()));
    }

    private int firstRow(List<String> lines) {
        return lines.indexOf(begin) + 3;
    }

    private int end(List<String> lines) {
        int first = firstRow(lines);
        return first + lines.subList(first, lines.size()).indexOf("<!-- end -->");
    }

    /** Puts a row in the place of the one of the same name, or adds it; the rows are ordered as the names are, others go. */
    void write(Row row, List<String> order) throws IOException {
        // The tables are tested by two processes.
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
