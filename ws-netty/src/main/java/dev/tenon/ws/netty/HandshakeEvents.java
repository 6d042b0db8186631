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

/** The events by which Netty's own protocol handlers say that a handshake is complete. */
final class HandshakeEvents {
    private HandshakeEvents() {}

    @SuppressWarnings("deprecation") // of the older event, which handlers still wait for
    static List<Object> of(Role role, @Nullable HttpRequest request, WebSocket webSocket) {
        if (role == Role.CLIENT || request == null) {
            return List.of(ClientHandshakeStateEvent.HANDSHAKE_COMPLETE);
        }
        String subprotocol = webSocket.subprotocol().isEmpty() ? null : webSocket.subprotocol();
        return List.of(
                ServerHandshakeStateEvent.HANDSHAKE_COMPLETE,
                new HandshakeComplete(request.target(), headers(request), subprotocol));
    }

    /** As HTTP/1.1 has them, whatever the version. */
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
