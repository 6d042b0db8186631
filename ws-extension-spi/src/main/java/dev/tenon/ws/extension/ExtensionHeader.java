package dev.tenon.ws.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1). Several header lines form one list, in order.
 */
public final class ExtensionHeader {
    private final String text;
    private int at;

    private ExtensionHeader(String text) {
        this.text = text;
    }

    /**
     * Reads the values of all {@code Sec-WebSocket-Extensions} lines of one head. A value without elements, which some
     * peers send, counts as no value.
     *
     * @param values the header values, in the order of their lines
     * @return the elements, in order of preference
     * @throws ExtensionException if a value breaks the grammar
     */
    public static List<ExtensionOffer> parse(List<String> values) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String value : values) {
            new ExtensionHeader(value).list(offers);
        }
        return List.copyOf(offers);
    }

    /**
     * Writes elements as one header value.
     *
     * @param offers the elements, in order of preference
     * @return the value, empty for no elements
     */
    public static String format(List<ExtensionOffer> offers) {
        return offers.stream().map(ExtensionOffer::toString).collect(Collectors.joining(", "));
    }

    static void requireToken(String text) {
        if (text.isEmpty() || !text.chars().allMatch(ExtensionHeader::isTokenChar)) {
            throw new IllegalArgumentException("not a token of RFC 9110 §5.6.2: \"" + text + "\"");
        }
    }

    /**
     * RFC 6455 §9.1 requires a token inside the quotes too, but the registered extension {@code bbf-usp-protocol} has
     * values with colons there. Spaces and other characters than ASCII stay forbidden.
     */
    static void requireVisible(String text) {
        if (text.isEmpty() || !text.chars().allMatch(ExtensionHeader::isVisible)) {
            throw new IllegalArgumentException("not visible ASCII: \"" + text + "\"");
        }
    }

    /** A token as it is, and anything else in quotes. */
    static String quotedUnlessToken(String value) {
        if (value.chars().allMatch(ExtensionHeader::isTokenChar)) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void list(List<ExtensionOffer> offers) {
        do {
            skipSpace();
            if (at < text.length() && text.charAt(at) != ',') {
                offers.add(element());
            }
        } while (skip(',')); // empty elements are legal in a list: RFC 9110 §5.6.1.2
        if (at < text.length()) {
            throw malformed("expected a comma or a semicolon");
        }
    }

    private ExtensionOffer element() {
        String name = token();
        List<ExtensionOffer.Parameter> parameters = new ArrayList<>();
        while (skip(';')) {
            skipSpace();
            String parameter = token();
            parameters.add(new ExtensionOffer.Parameter(parameter, skip('=') ? value() : null));
        }
        return new ExtensionOffer(name, parameters);
    }

    private @Nullable String value() {
        skipSpace();
        if (at == text.length() || text.charAt(at) != '"') {
            return token();
        }
        StringBuilder unquoted = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && ++at == text.length()) {
                break;
            }
            char c = text.charAt(at);
            if (!isVisible(c)) {
                throw malformed("expected visible ASCII inside the quotes");
            }
            unquoted.append(c);
        }
        if (at == text.length()) {
            throw malformed("expected a closing quote");
        }
        if (unquoted.isEmpty()) {
            throw malformed("expected visible ASCII inside the quotes");
        }
        at++;
        return unquoted.toString();
    }

    private String token() {
        int start = at;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed("expected a token");
        }
        return text.substring(start, at);
    }

    private boolean skip(char expected) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private ExtensionException malformed(String what) {
        return new ExtensionException(NegotiationViolation.HEADER_MALFORMED, what + " at character " + (at + 1));
    }

    private static boolean isVisible(int c) {
        return c > ' ' && c < 0x7F;
    }

    private static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
