package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.handshake.HttpResponse;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a host sends, and what it goes on with.
 *
 * @param response the response, fit for the request's version of HTTP
 * @param accepted what follows if the response accepts a WebSocket; else null
 */
public record HostedResponse(
        HttpResponse response, @Nullable Accepted accepted) {
    /**
     * A connection that the host opens behind the response.
     *
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param listener receives the events of the connection
     * @param executor where the listener is called, or null for on the host's event loop
     */
    public record Accepted(
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor) {}
}
