package dev.tenon.ws.handshake;

import java.util.List;

/** Reads the elements of a comma-separated header without quoted strings (RFC 9110 §5.6.1). */
final class ElementList {
    private ElementList() {}

    /** Whether a line contains an element, in upper or lower case. */
    static boolean has(String line, String token) {
        for (int from = 0; from <= line.length(); ) {
            int end = end(line, from);
            int start = from;
            from = end + 1;
            while (start < end && HttpSyntax.isSpace(line.charAt(start))) {
                start++;
            }
            while (end > start && HttpSyntax.isSpace(line.charAt(end - 1))) {
                end--;
            }
            if (end - start == token.length() && line.regionMatches(true, start, token, 0, token.length())) {
                return true;
            }
        }
        return false;
    }

    /** Adds the elements of a line that are not empty. */
    static void addTo(List<String> elements, String line) {
        for (int from = 0; from <= line.length(); ) {
            int end = end(line, from);
            String element = HttpSyntax.trim(line, from, end);
            if (!element.isEmpty()) {
                elements.add(element);
            }
            from = end + 1;
        }
    }

    private static int end(String line, int from) {
        int comma = line.indexOf(',', from);
        return comma < 0 ? line.length() : comma;
    }
}
