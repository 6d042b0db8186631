package dev.tenon.ws.client;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.CookieHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Passes cookies between handshakes and a cookie handler (RFC 6265, RFC 6455 §4.1 and §10.5). It may block. */
record Cookies(CookieHandler handler) {
    /** Adds the cookies for a server to the headers, behind present ones, in one line. */
    Headers addTo(Headers headers, WebSocketUri uri) throws IOException {
        List<String> all = new ArrayList<>(headers.all("Cookie"));
        handler.get(uri.toHttpUri(), Map.of()).forEach((name, values) -> {
            if (name.equalsIgnoreCase("Cookie")) {
                all.addAll(values);
            }
        });
        if (all.isEmpty()) {
            return headers;
        }
        return headers.toBuilder()
                .remove("Cookie")
                .add("Cookie", String.join("; ", all))
                .build();
    }

    void keep(HttpResponse response, WebSocketUri uri) throws IOException {
        handler.put(uri.toHttpUri(), response.headers().toMap());
    }
}
