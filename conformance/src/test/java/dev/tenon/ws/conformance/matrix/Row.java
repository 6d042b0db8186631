package dev.tenon.ws.conformance.matrix;

import java.util.EnumMap;
import java.util.Map;

/** A row of the table: a peer in one role, and its results. Cells are Markdown. Immutable. */
record Row(Map<Column, String> cells) {
    /** The columns, in order. */
    enum Column {
        PEER,
        VERSION,
        EXTENSION,
        COMPRESSES,
        MESSAGES,
        LARGEST,
        FRAGMENTS,
        PING,
        CLOSE_BY_TENON,
        CLOSE_BY_PEER,
        TLS
    }

    /** Returns a row in which only the first two cells are known. */
    static Row of(String peer, String version) {
        EnumMap<Column, String> cells = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            cells.put(column, "");
        }
        return new Row(cells).with(Column.PEER, peer).with(Column.VERSION, version);
    }

    /** Reads a line of a table. */
    static Row parse(String line) {
        String[] parts = line.strip().split("\\|", -1); // the parts before the first bar and after the last are empty
        EnumMap<Column, String> cells = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            int at = cells.size() + 1;
            if (at >= parts.length) {
                throw new IllegalArgumentException("too few cells: " + line);
            }
            cells.put(column, parts[at].strip());
        }
        return new Row(cells);
    }

    String get(Column column) {
        return cells.getOrDefault(column, "");
    }

    Row with(Column column, String text) {
        EnumMap<Column, String> changed = new EnumMap<>(cells);
        changed.put(column, text.replace('|', '/').replaceAll("\\s+", " ").strip());
        return new Row(changed);
    }

    /** Returns this row for a comparison: with the first two numbers of the version, or without a version. */
    String comparable(boolean withVersion) {
        String version = withVersion ? get(Column.VERSION).replaceFirst("^(\\d+(\\.\\d+)?).*$", "$1") : "";
        return with(Column.VERSION, version).line();
    }

    /** Returns the line of the table. */
    String line() {
        return "| " + String.join(" | ", cells.values()) + " |";
    }
}
