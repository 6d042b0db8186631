package dev.tenon.ws.handshake;

import java.util.List;
import java.util.Locale;

/**
 * Texts for logs, messages and {@code toString}, without what may be a credential. Names decide: a header is hidden if its
 * name holds a word that stands for a secret, as in {@code Authorization}, {@code Cookie}, {@code X-Api-Key} or
 * {@code X-Amz-Security-Token}. Queries are hidden as a whole, since browsers have no other place for a token but these and
 * the subprotocols.
 */
final class Redaction {
    /** What stands in place of a value. */
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

    /** Longer than any subprotocol that is registered or widely spoken; tokens are longer. */
    private static final int LONGEST_SUBPROTOCOL = 24;

    private Redaction() {}

    /** A header line for people, with its line feed. */
    static String line(String name, String value) {
        return name + ": " + header(name, value) + '\n';
    }

    /** The value of a header as it may be shown. */
    static String header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "www-authenticate", "proxy-authenticate" -> printable(value); // a question, not its answer
            case "sec-websocket-protocol" -> subprotocols(value);
            case "location", "content-location", "referer", "link", "refresh", ":path" -> printable(uri(value));
            default -> isSecret(lower) ? REDACTED : printable(value);
        };
    }

    /** A subprotocol, or a list of them, as it may be shown: browsers send tokens as one. */
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

    /** What stands before the query and the fragment. */
    static String beforeQuery(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '?' || text.charAt(i) == '#') {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /** Without characters that a terminal obeys, those between 0x80 and 0x9F among them. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> shown.append(Character.isISOControl(c) && c != '\t' ? '?' : (char) c));
        return shown.toString();
    }
}
