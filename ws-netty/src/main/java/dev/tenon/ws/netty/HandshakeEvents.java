package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.ServerHandshakeStateEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events with which Netty's own protocol handlers report a complete handshake. */
final class HandshakeEvents {
    private HandshakeEvents() {}

    @SuppressWarnings("deprecation") // of the older event, for which some handlers still wait
    static List<Object> of(Role role, @Nullable HttpRequest request, WebSocket webSocket) {
        if (role == Role.CLIENT || request == null) {
            return List.of(ClientHandshakeStateEvent.HANDSHAKE_COMPLETE);
        }
        String subprotocol = webSocket.subprotocol().isEmpty() ? null : webSocket.subprotocol();
        return List.of(
                ServerHandshakeStateEvent.HANDSHAKE_COMPLETE,
                new HandshakeComplete(request.target(), headers(request), subprotocol));
    }

    /** Returns the header fields in the form of HTTP/1.1 for every version of HTTP. */
    private static HttpHeaders headers(HttpRequest request) {
        HttpHeaders headers = new DefaultHttpHeaders();
        request.headers().forEach((name, value) -> {
            if (!name.startsWith(":")) {
                headers.add(name, value);
            }
        });
        String authority = request.authority();
        if (authority != null && !headers.contains("Host")) {
            headers.set("Host", authority);
        }
        return headers;
    }
}
