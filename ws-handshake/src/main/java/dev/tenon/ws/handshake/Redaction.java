package dev.tenon.ws.handshake;

/** Texts for logs, messages and {@code toString}, without what may be a credential. */
final class Redaction {
    private Redaction() {}

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
}
