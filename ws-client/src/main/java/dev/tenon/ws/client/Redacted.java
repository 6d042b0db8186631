package dev.tenon.ws.client;

import dev.tenon.ws.handshake.WebSocketUri;

/** Texts for logs and messages, without what may be a credential. */
final class Redacted {
    private Redacted() {}

    /** The URI, with {@code ?…} in place of its query. */
    static String uri(WebSocketUri uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query) + "?…";
    }
}
