package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A plain HTTP route, or the fallback for requests that no route matches, which has no template. Thread-safe.
 *
 * @param template the path, or null
 * @param responder responds to requests
 * @param isOfFiles whether the responder is the server's own and reads the disk
 * @param values the value of every setting
 * @param meter counts its requests
 */
record HttpRoute(
        @Nullable PathTemplate template, Responder responder, boolean isOfFiles, RouteValues values, RouteMeter meter) {
    /** Responds to requests, now or later. */
    interface Responder {
        CompletionStage<Reply> respond(HttpExchange exchange) throws Exception;
    }

    static HttpRoute of(@Nullable PathTemplate template, String method, HttpHandler handler, RouteValues values) {
        Responder responder = exchange ->
                reply(handler.handleAsync(exchange)).thenApply(response -> new Reply(reply(response), null));
        return new HttpRoute(template, responder, false, values, meter(template, method));
    }

    private static <T> T reply(@Nullable T returned) {
        return Objects.requireNonNull(returned, "the handler has returned null, not a response");
    }

    static HttpRoute of(PathTemplate template, StaticFiles files, RouteValues values) {
        FileResponder responder = new FileResponder(files);
        return new HttpRoute(
                template,
                exchange -> CompletableFuture.completedStage(responder.respond(exchange)),
                true,
                values,
                meter(template, "GET"));
    }

    /** A route that has another response where this one has 404. */
    HttpRoute withMissing(HttpResponse response) {
        Responder other = exchange -> responder
                .respond(exchange)
                .thenApply(reply -> reply.response().status() == 404 ? new Reply(response, null) : reply);
        return new HttpRoute(template, other, isOfFiles, values, meter);
    }

    private static RouteMeter meter(@Nullable PathTemplate template, String method) {
        return new RouteMeter(template == null ? "*" : template.text(), method);
    }

    /** The executor that calls the responder; null for the event loop. */
    @Nullable
    Executor executor(Executor fileThreads) {
        Executor own = values.executor();
        return own == null && isOfFiles ? fileThreads : own;
    }

    /** The path as it was written, for logs. */
    String name() {
        return template == null ? "all other paths" : template.text();
    }
}
