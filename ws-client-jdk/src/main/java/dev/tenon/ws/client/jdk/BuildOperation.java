package dev.tenon.ws.client.jdk;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of {@code buildAsync}. It ends with the connection, a failure, the timeout or a cancellation. */
final class BuildOperation {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final URI uri;
    private final ListenerAdapter adapter;
    private final Executor executor;
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private final CompletableFuture<Boolean> deadline = new CompletableFuture<>();

    BuildOperation(URI uri, ListenerAdapter adapter, Executor executor) {
        this.uri = uri;
        this.adapter = adapter;
        this.executor = executor;
    }

    /**
     * Connects.
     *
     * @throws IllegalArgumentException if the timeout is not positive, or the client rejects the request
     */
    CompletableFuture<WebSocket> start(WebSocketClient client, ConnectRequest request, @Nullable Duration timeout) {
        if (timeout != null && timeout.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("a timeout is positive: " + timeout);
        }
        CompletableFuture<dev.tenon.ws.connection.WebSocket> connecting = client.connect(request, adapter);
        if (timeout != null) {
            expireAfter(timeout);
        }
        CompletableFuture<?> unused = connecting
                .thenCompose(open -> adapter.opened())
                .whenComplete((webSocket, failure) -> Threads.run(executor, () -> settle(webSocket, failure)));
        CompletableFuture<?> unusedToo = result.whenComplete((webSocket, failure) -> {
            deadline.complete(false); // cancels the timer
            connecting.cancel(false);
            if (failure != null) {
                abortUnwanted();
            }
        });
        return result;
    }

    private void expireAfter(Duration timeout) {
        long nanos = timeout.compareTo(FOREVER) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
        CompletableFuture<?> unused = deadline.completeOnTimeout(true, nanos, TimeUnit.NANOSECONDS)
                .thenAccept(passed -> {
                    if (passed) {
                        Threads.run(executor, this::expire);
                    }
                });
    }

    /** Aborts a connection that opens although the future has failed or was cancelled. */
    private void abortUnwanted() {
        CompletableFuture<?> unused = adapter.opened().thenAccept(WebSocket::abort);
    }

    private void expire() {
        result.completeExceptionally(new HttpTimeoutException("no WebSocket within the connect timeout"));
    }

    private void settle(@Nullable WebSocket webSocket, @Nullable Throwable failure) {
        if (webSocket != null) {
            result.complete(webSocket);
        } else if (failure != null) {
            result.completeExceptionally(translated(Threads.cause(failure)));
        }
    }

    private Throwable translated(Throwable failure) {
        if (!(failure instanceof HandshakeException refused)) {
            return failure;
        }
        HttpResponse response = refused.response();
        return response == null
                ? new IOException(refused.getMessage(), refused)
                : new WebSocketHandshakeException(new HandshakeResponse(uri, response)).initCause(refused);
    }
}
