package dev.tenon.ws.handshake;

import java.util.List;
import java.util.Locale;

/**
 * Hides credentials in texts for logs, messages and {@code toString}. The value of a header is hidden if its name has a
 * word that means a secret, as in {@code Authorization}, {@code Cookie}, {@code X-Api-Key} or
 * {@code X-Amz-Security-Token}. Queries are always hidden, because a page in a browser can send an access token only in
 * a query or a subprotocol.
 */
final class Redaction {
    /** The text in place of a hidden value. */
    static final String REDACTED = "<redacted>";

    private static final List<String> SECRET = List.of(
            "authoriz",
            "authentic",
            "auth-",
            "-auth",
            "cookie",
            "token",
            "secret",
            "passw",
            "credential",
            "api-key",
            "apikey",
            "access-key",
            "session",
            "signature",
            "assertion",
            "bearer",
            "jwt",
            "oidc",
            "csrf",
            "xsrf",
            "principal");

    /** Longer than any registered or common subprotocol; access tokens are longer. */
    private static final int LONGEST_SUBPROTOCOL = 24;

    private Redaction() {}

    /** A header line for logs, with its line feed. */
    static String line(String name, String value) {
        return name + ": " + header(name, value) + '\n';
    }

    /** The value of a header, hidden if it may be a credential. */
    static String header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "www-authenticate", "proxy-authenticate" -> printable(value); // a challenge holds no credentials
            case "sec-websocket-protocol" -> subprotocols(value);
            case "location", "content-location", "referer", "link", "refresh", ":path" -> printable(uri(value));
            default -> isSecret(lower) ? REDACTED : printable(value);
        };
    }

    /**
     * A subprotocol or a list of them; hidden if it looks like an access token, which some pages send as a subprotocol.
     */
    static String subprotocols(String value) {
        for (String name : value.split(",", -1)) {
            if (name.trim().length() > LONGEST_SUBPROTOCOL || isSecret(name.toLowerCase(Locale.ROOT))) {
                return REDACTED;
            }
        }
        return printable(value);
    }

    private static boolean isSecret(String lower) {
        return lower.equals("auth") || SECRET.stream().anyMatch(lower::contains);
    }

    /** A URI or a request target, with {@code ?…} in place of its query. */
    static String uri(String text) {
        String shown = beforeQuery(text);
        return shown.length() == text.length() ? text : shown + text.charAt(shown.length()) + "…";
    }

    /** The text before the query and the fragment. */
    static String beforeQuery(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '?' || text.charAt(i) == '#') {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /** Replaces control characters, also those between 0x80 and 0x9F, because terminals interpret them. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> shown.append(Character.isISOControl(c) && c != '\t' ? '?' : (char) c));
        return shown.toString();
    }
}
