package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Responds to plain HTTP requests, such as those for pages and health checks; to one request of a connection at a time.
 */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Responds to a request. Called on an event loop, which it must not block, or on the {@linkplain
     * RouteOptions#executor route's executor}, where it may. The server writes {@code Date} and {@code Content-Length},
     * and leaves out the body of a response to HEAD.
     *
     * @param request the request, read in full
     * @return the response
     * @throws Exception a {@link dev.tenon.ws.handshake.HandshakeException} responds with what it carries, anything else
     *     with 500
     */
    HttpResponse handle(HttpExchange request) throws Exception;

    /**
     * Responds to a request later, if that takes time. This is the method that the server calls.
     *
     * @param request the request; {@linkplain Exchange#whenCancelled cancelled} when its client leaves
     * @return completes with the response, on any thread
     * @throws Exception as above
     */
    default CompletionStage<HttpResponse> handleAsync(HttpExchange request) throws Exception {
        return CompletableFuture.completedStage(handle(request));
    }

    /** Responds later, and blocks no thread meanwhile. */
    @FunctionalInterface
    interface Async {
        /**
         * Begins to respond to a request, and returns without waiting.
         *
         * @param request the request; {@linkplain Exchange#whenCancelled cancelled} when its client leaves
         * @return completes with the response, on any thread
         * @throws Exception as in {@link HttpHandler#handle}
         */
        CompletionStage<HttpResponse> handle(HttpExchange request) throws Exception;
    }

    /**
     * Makes a handler that responds later.
     *
     * @param handler begins the work
     * @return a handler that calls it
     */
    static HttpHandler async(Async handler) {
        return new HttpHandler() {
            @Override
            public HttpResponse handle(HttpExchange request) {
                throw new UnsupportedOperationException("this handler responds later, by handleAsync");
            }

            @Override
            public CompletionStage<HttpResponse> handleAsync(HttpExchange request) throws Exception {
                return handler.handle(request);
            }
        };
    }
}
