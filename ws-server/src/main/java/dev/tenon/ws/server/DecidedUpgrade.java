package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A decided upgrade: has either a listener or a refusal. */
final class DecidedUpgrade extends CompletableFuture<UpgradeResponse> implements UpgradeResponse {
    private final UpgradeExchange exchange;
    private final @Nullable WebSocketListener listener;
    private final @Nullable HttpResponse refusal;
    private final Headers headers;
    private final @Nullable String subprotocol;
    private final @Nullable Executor executor;

    private DecidedUpgrade(
            UpgradeExchange exchange,
            @Nullable WebSocketListener listener,
            @Nullable HttpResponse refusal,
            Headers headers,
            @Nullable String subprotocol,
            @Nullable Executor executor) {
        this.exchange = exchange;
        this.listener = listener;
        this.refusal = refusal;
        this.headers = headers;
        this.subprotocol = subprotocol;
        this.executor = executor;
        complete(this);
    }

    /**
     * The decision that an endpoint has returned.
     *
     * @throws Throwable {@code failure} if there is one, or an {@link IllegalStateException} if the endpoint has returned
     *     something else than a response of its own exchange
     */
    static DecidedUpgrade of(UpgradeExchange exchange, @Nullable UpgradeResponse response, @Nullable Throwable failure)
            throws Throwable {
        if (failure != null) {
            throw failure;
        }
        if (response instanceof DecidedUpgrade decided && decided.exchange == exchange) {
            return decided;
        }
        throw new IllegalStateException(
                "the endpoint has returned " + response + ", not what accept or refuse of its own exchange returns");
    }

    static DecidedUpgrade accepted(UpgradeExchange exchange, WebSocketListener listener) {
        return new DecidedUpgrade(exchange, listener, null, Headers.empty(), null, null);
    }

    static DecidedUpgrade refused(UpgradeExchange exchange, HttpResponse refusal) {
        return new DecidedUpgrade(exchange, null, refusal, Headers.empty(), null, null);
    }

    @Override
    public UpgradeResponse withHeader(String name, String value) {
        Headers more = headers.toBuilder().add(name, value).build();
        return new DecidedUpgrade(exchange, listener, refusal, more, subprotocol, executor);
    }

    @Override
    public UpgradeResponse withSubprotocol(String name) {
        requireAccepted("a subprotocol");
        if (!name.isEmpty() && !exchange.subprotocols().contains(name)) {
            throw new IllegalArgumentException(
                    "the client offers no subprotocol \"" + name + "\", but " + exchange.subprotocols());
        }
        return new DecidedUpgrade(exchange, listener, refusal, headers, name, executor);
    }

    @Override
    public UpgradeResponse withExecutor(Executor other) {
        requireAccepted("an executor");
        return new DecidedUpgrade(exchange, listener, refusal, headers, subprotocol, other);
    }

    private void requireAccepted(String what) {
        if (listener == null) {
            throw new IllegalStateException("a refused upgrade cannot have " + what);
        }
    }

    @Nullable
    WebSocketListener listener() {
        return listener;
    }

    /** The refusal with all of its headers, or null if the upgrade is accepted. */
    @Nullable
    HttpResponse refusal() {
        return refusal == null
                ? null
                : refusal.withHeaders(
                        refusal.headers().toBuilder().addAll(headers).build());
    }

    Headers headers() {
        return headers;
    }

    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    @Nullable
    Executor executor() {
        return executor;
    }
}
