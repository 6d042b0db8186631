package dev.tenon.ws.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A challenge of {@code WWW-Authenticate} or {@code Proxy-Authenticate} (RFC 9110 §11.3, §11.6.1).
 *
 * @param scheme in lower case
 * @param token68 what stands in place of parameters, or the empty string
 * @param parameters by name in lower case, unquoted
 */
record Challenge(String scheme, String token68, Map<String, String> parameters) {
    /** The parameter, or the empty string. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /**
     * Reads all challenges of a header.
     *
     * @throws IllegalArgumentException if one of its lines is malformed
     */
    static List<Challenge> parse(List<String> lines) {
        List<Challenge> challenges = new ArrayList<>();
        for (String line : lines) {
            new Parser(line).readInto(challenges);
        }
        return challenges;
    }

    /** One pass over one line; nothing is looked at more than twice. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            skipCommas();
            while (at < text.length()) {
                challenges.add(challenge());
            }
        }

        private Challenge challenge() {
            String scheme = token().toLowerCase(Locale.ROOT);
            int end = at;
            skipSpace();
            if (at == end || peek() == ',') {
                endElement();
                return new Challenge(scheme, "", Map.of());
            }
            String token68 = token68();
            if (!token68.isEmpty()) {
                endElement();
                return new Challenge(scheme, token68, Map.of());
            }
            return new Challenge(scheme, "", parameters());
        }

        /** The token68 that is all of this element, or the empty string and no step on. */
        private String token68() {
            int start = at;
            int end = at;
            while (end < text.length() && isToken68(text.charAt(end))) {
                end++;
            }
            while (end > start && end < text.length() && text.charAt(end) == '=') {
                end++;
            }
            int after = end;
            while (after < text.length() && isSpace(text.charAt(after))) {
                after++;
            }
            if (after < text.length() && text.charAt(after) != ',') {
                return "";
            }
            at = end;
            return text.substring(start, end);
        }

        private Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            do {
                String name = token().toLowerCase(Locale.ROOT);
                skipSpace();
                expect('=');
                skipSpace();
                String value = peek() == '"' ? quotedString() : token();
                if (parameters.put(name, value) != null) {
                    throw malformed("the parameter " + name + " stands twice");
                }
                endElement();
            } while (isParameter());
            return parameters;
        }

        /** Whether a name and an equals sign come next, and not another challenge. */
        private boolean isParameter() {
            int end = at;
            while (end < text.length() && isTokenChar(text.charAt(end))) {
                end++;
            }
            while (end < text.length() && isSpace(text.charAt(end))) {
                end++;
            }
            return end > at && end < text.length() && text.charAt(end) == '=';
        }

        private String quotedString() {
            StringBuilder value = new StringBuilder();
            for (at++; peek() != '"'; at++) {
                if (peek() == '\\') {
                    at++;
                }
                if (at >= text.length()) {
                    throw malformed("a quoted string does not end");
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }

        private String token() {
            int start = at;
            while (at < text.length() && isTokenChar(text.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw malformed("a token is missing");
            }
            return text.substring(start, at);
        }

        /** A comma or the end; empty elements are skipped (RFC 9110 §5.6.1.2). */
        private void endElement() {
            skipSpace();
            if (at < text.length()) {
                expect(',');
                skipCommas();
            }
        }

        private void skipCommas() {
            while (at < text.length() && (isSpace(text.charAt(at)) || text.charAt(at) == ',')) {
                at++;
            }
        }

        private void skipSpace() {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
        }

        private void expect(char c) {
            if (peek() != c) {
                throw malformed("a " + c + " is missing");
            }
            at++;
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t';
        }

        private static boolean isLetterOrDigit(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }

        private static boolean isTokenChar(char c) {
            return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }

        private static boolean isToken68(char c) {
            return isLetterOrDigit(c) || "-._~+/".indexOf(c) >= 0;
        }

        private IllegalArgumentException malformed(String what) {
            return new IllegalArgumentException("malformed challenge: " + what + " at " + at);
        }
    }
}
