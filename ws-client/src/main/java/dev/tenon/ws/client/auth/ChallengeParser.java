package dev.tenon.ws.client.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one line of challenges. Servers write {@code Basic realm=My Proxy} and {@code Bearer error=not found}; so a
 * malformed value ends at the next comma, and a challenge without a name is skipped up to the next comma. The time is
 * linear.
 */
final class ChallengeParser {
    private final String text;
    private int at;
    private boolean wellFormed;

    ChallengeParser(String text) {
        this.text = text;
    }

    List<Challenge> challenges() {
        List<Challenge> challenges = new ArrayList<>();
        skipCommas();
        while (at < text.length()) {
            if (isTokenChar(text.charAt(at))) {
                challenges.add(challenge());
            } else {
                skipElement();
            }
            skipCommas();
        }
        return challenges;
    }

    private Challenge challenge() {
        wellFormed = true;
        String scheme = token().toLowerCase(Locale.ROOT);
        int end = at;
        skipSpace();
        if (at == text.length() || peek() == ',') {
            return new Challenge(scheme, "", Map.of(), true);
        }
        if (at == end) { // no separator follows the name
            skipElement();
            return new Challenge(scheme, "", Map.of(), false);
        }
        String token68 = token68();
        if (!token68.isEmpty()) {
            return new Challenge(scheme, token68, Map.of(), true);
        }
        Map<String, String> parameters = parameters();
        return new Challenge(scheme, "", parameters, wellFormed);
    }

    /** Reads a token68 if it is the whole element; otherwise returns the empty string and does not move. */
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
            parameter(parameters);
            skipSpace();
            if (at < text.length() && peek() != ',') { // a parameter behind a space, or invalid text
                wellFormed = false;
                if (!isParameter()) {
                    skipElement();
                }
            }
            skipCommas();
        } while (isParameter());
        return parameters;
    }

    private void parameter(Map<String, String> to) {
        if (!isParameter()) {
            wellFormed = false;
            skipElement();
            return;
        }
        String name = token().toLowerCase(Locale.ROOT);
        skipSpace();
        at++; // the equals sign
        skipSpace();
        String value = peek() == '"' ? quotedString() : unquoted();
        wellFormed &= to.putIfAbsent(name, value) == null;
    }

    /** Whether a name and an equals sign follow, instead of another challenge. */
    private boolean isParameter() {
        int end = at;
        while (end < text.length() && isTokenChar(text.charAt(end))) {
            end++;
        }
        boolean named = end > at;
        while (end < text.length() && isSpace(text.charAt(end))) {
            end++;
        }
        return named && end < text.length() && text.charAt(end) == '=';
    }

    /** Reads a token; if other characters follow it, reads all text up to the next comma. */
    private String unquoted() {
        int start = at;
        String value = token();
        int end = at;
        skipSpace();
        boolean more = at < text.length() && peek() != ',';
        if (!value.isEmpty() && (!more || (at > end && isParameter()))) {
            return value;
        }
        wellFormed = false;
        skipElement();
        return text.substring(start, at).strip();
    }

    /** Reads the text between quotes; up to the end of the line if the second quote is missing. */
    private String quotedString() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && peek() != '"') {
            if (peek() == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        wellFormed &= at < text.length();
        at = Math.min(at + 1, text.length());
        return value.toString();
    }

    private String token() {
        int start = at;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Skips the text up to the next comma outside quoted strings. */
    private void skipElement() {
        while (at < text.length() && peek() != ',') {
            if (peek() == '"') {
                String unused = quotedString();
            } else {
                at++;
            }
        }
    }

    /** Empty elements are skipped (RFC 9110 §5.6.1.2). */
    private void skipCommas() {
        while (at < text.length() && (isSpace(peek()) || peek() == ',')) {
            at++;
        }
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(peek())) {
            at++;
        }
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
}
