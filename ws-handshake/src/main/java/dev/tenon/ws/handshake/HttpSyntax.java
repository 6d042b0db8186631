package dev.tenon.ws.handshake;

/** The character classes of HTTP (RFC 9110 §5.5, §5.6) that all readers and writers of heads share. */
final class HttpSyntax {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            TOKEN[c] = (c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a');
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private HttpSyntax() {}

    static boolean isTokenChar(int c) {
        return c >= 0 && c < TOKEN.length && TOKEN[c];
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Visible characters, space and tab, and the octets above ASCII that RFC 9110 §5.5 calls obs-text. */
    static boolean isFieldText(String text) {
        return endOfFieldText(text) == text.length();
    }

    /** The index of the first character that a header value must not have, or the length of the text. */
    static int endOfFieldText(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) <= 0xFF && !isControl(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The text without the spaces and tabs around it, and without any other change. */
    static String trim(String text) {
        return trim(text, 0, text.length());
    }

    /** A part of the text without the spaces and tabs around it. */
    static String trim(String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Whether a character is a control character that only line ends of a head may have. */
    static boolean isControl(int c) {
        return (c < 0x20 && c != '\t') || c == 0x7F;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a character may be in a label of a host name; allows the underscores that some networks use. */
    static boolean isNameChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '_';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Whether the text is visible ASCII without the number sign, as browsers send it; RFC 3986 allows less. */
    static boolean isTarget(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '#') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The value of 1 to 18 digits, or -1 for any other text. */
    static long number(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    /** Checks a token. The message shows only the wrong character, because the text may be a secret. */
    static String requireToken(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                throw new IllegalArgumentException(what + " must be a token of RFC 9110 §5.6.2; its character "
                        + (i + 1) + " is " + quoted(text.substring(i, i + 1)));
            }
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        return text;
    }

    /** The text in a form that a message and a log may show. */
    static String quoted(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), 60); i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c >= 0x7F ? '?' : c);
        }
        return shown.append(text.length() > 60 ? "…\"" : "\"").toString();
    }
}
