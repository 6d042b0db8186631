package dev.tenon.ws.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The head of an HTTP/1.1 message as lines, to which a test can add defects. */
final class HeadText {
    private final List<String> lines = new ArrayList<>();
    private String body = "";

    HeadText(ByteBuffer encoded) {
        String text = StandardCharsets.ISO_8859_1.decode(encoded).toString();
        for (int from = 0, to; (to = text.indexOf("\r\n", from)) > from; from = to + 2) {
            lines.add(text.substring(from, to));
        }
    }

    HeadText startLine(String line) {
        lines.set(0, line);
        return this;
    }

    HeadText without(String name) {
        lines.subList(1, lines.size()).removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
        return this;
    }

    HeadText with(String name, String value) {
        return without(name).and(name + ": " + value);
    }

    /** Adds a line without a check. */
    HeadText and(String line) {
        lines.add(line);
        return this;
    }

    HeadText body(String text) {
        body = text;
        return this;
    }

    /** Adds one of the defects that no request may have. */
    HeadText malformed(int choice) {
        return choice % 7 == 0 ? and("X-Folded: one\r\n two") : malformedUnfolded(choice / 7 * 6 + choice % 7 - 1);
    }

    /** Adds one of the defects that no head may have. */
    HeadText malformedUnfolded(int choice) {
        return switch (choice % 6) {
            case 0 -> and("X-Line-Feed: one\nX-More: two");
            case 1 -> and("X-Return: one\rtwo");
            case 2 -> and("X-Control: " + "\0\7\33\177".charAt(choice / 6 % 4));
            case 3 -> and("X-Space : before the colon");
            case 4 -> and("X-No-Colon");
            default -> and("X(Not)A-Token: one");
        };
    }

    @Override
    public String toString() {
        return String.join("\r\n", lines) + "\r\n\r\n" + body;
    }
}
