package dev.tenon.ws.handshake;

import java.util.Arrays;

/** A growing list of header lines: a name, its value, the next name, its value. Not thread-safe. */
final class HeaderLines {
    private String[] lines = new String[24];
    private int length;

    /** Checks and adds a line; spaces around its value are dropped. */
    void addChecked(String name, String value) {
        HttpSyntax.requireToken("a header's name", name.startsWith(":") ? name.substring(1) : name);
        String trimmed = HttpSyntax.trim(value);
        int bad = HttpSyntax.endOfFieldText(trimmed);
        if (bad < trimmed.length()) {
            throw new IllegalArgumentException("the value of " + name + " holds a control character, or one above"
                    + " U+00FF, at character " + (bad + 1));
        }
        append(name, trimmed);
    }

    /** Adds a line without a check. */
    void append(String name, String value) {
        if (length == lines.length) {
            lines = Arrays.copyOf(lines, 2 * length);
        }
        lines[length++] = name;
        lines[length++] = value;
    }

    void remove(String name) {
        int kept = 0;
        for (int i = 0; i < length; i += 2) {
            if (!lines[i].equalsIgnoreCase(name)) {
                lines[kept++] = lines[i];
                lines[kept++] = lines[i + 1];
            }
        }
        length = kept;
    }

    int size() {
        return length / 2;
    }

    String lastValue() {
        return lines[length - 1];
    }

    void replaceLastValue(String value) {
        lines[length - 1] = value;
    }

    String[] toArray() {
        return Arrays.copyOf(lines, length);
    }

    /** Writes headers as HTTP/1.1. */
    static void write(Headers headers, StringBuilder head) {
        headers.forEach((name, value) -> {
            if (name.charAt(0) == ':') {
                throw new IllegalStateException("the pseudo-header " + name + " cannot be written as HTTP/1.1");
            }
            head.append(name).append(": ").append(value).append("\r\n");
        });
    }
}
