package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.ServerHandshake;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * Answers the requests that are for no WebSocket route: pages, health, polling. One request of a connection at a time.
 */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers a request. Called on an event loop: it must not block; what takes time completes the stage later, from
     * any thread.
     *
     * @param request the head
     * @param body the body, at most as long as the server allows; read-only, and the handler's to keep
     * @return the response; a stage that fails, and what is thrown, are answered with 500, a
     *     {@link dev.tenon.ws.handshake.HandshakeException} with its own response. For HEAD the body is left out
     */
    CompletionStage<HttpResponse> handle(HttpRequest request, ByteBuffer body);

    /**
     * The same for handlers that look at the peer, at its certificate for instance. This is what the server calls.
     *
     * @param request as above
     * @param body as above
     * @param peer who asks
     * @return as above
     */
    default CompletionStage<HttpResponse> handle(HttpRequest request, ByteBuffer body, Peer peer) {
        return handle(request, body);
    }

    /**
     * A handler that has its answer at once.
     *
     * @param handler answers without blocking
     * @return the same as an {@code HttpHandler}
     */
    static HttpHandler of(BiFunction<HttpRequest, ByteBuffer, HttpResponse> handler) {
        return (request, body) -> CompletableFuture.completedStage(handler.apply(request, body));
    }

    /**
     * The default: there is nothing here.
     *
     * @return a handler that answers 404; its body says what is missing where a proxy has lost a request for a WebSocket
     */
    static HttpHandler notFound() {
        return of((request, body) -> {
            String hint = ServerHandshake.hint(request);
            return HttpResponse.text(404, "Not found" + (hint == null ? "" : "; " + hint) + ".\n");
        });
    }
}
