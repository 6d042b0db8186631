package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.handshake.HttpResponse;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The response to a {@link HostedExchange}, and what follows it.
 *
 * @param response the response, fit for the request's version of HTTP
 * @param accepted the WebSocket that the response accepts, or null
 * @param body the body that the response does not hold itself, or null. The host sends its length as {@code
 *     Content-Length}, and no body in response to HEAD
 */
public record HostedResponse(
        HttpResponse response,
        @Nullable Accepted accepted,
        @Nullable HostedBody body) {
    /**
     * A WebSocket that the host opens after the response.
     *
     * @param options limits and deadlines
     * @param upgrade the result of the handshake
     * @param listener receives the events of the connection
     * @param executor where the listener is called, or null for the host's event loop
     * @param opened takes the connection once the host has opened it, so that the metrics of its route count it
     */
    public record Accepted(
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor,
            Consumer<WebSocket> opened) {}

    /** A whole response. */
    static HostedResponse of(HttpResponse response) {
        return new HostedResponse(response, null, null);
    }

    HostedResponse with(HttpResponse other) {
        return new HostedResponse(other, accepted, body);
    }
}
