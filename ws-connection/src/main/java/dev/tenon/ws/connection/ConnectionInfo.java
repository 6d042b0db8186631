package dev.tenon.ws.connection;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link WebSocket} that returns information about its connection and holds the attributes. Safe from any
 * thread.
 */
abstract class ConnectionInfo extends AttributeHolder implements WebSocket {
    private static final AttributeKey<CompletableFuture<CloseEvent>> CLOSED = AttributeKey.of("closed");

    final Connection connection;
    final ConnectionExecutor executor;

    ConnectionInfo(Connection connection, ConnectionExecutor executor) {
        this.connection = connection;
        this.executor = executor;
    }

    @Override
    public Optional<Duration> roundTrip() {
        Pings pings = connection.outbound().knownPings();
        return pings == null ? Optional.empty() : pings.roundTrip();
    }

    @Override
    public TrafficCounters counters() {
        Inbound inbound = connection.inbound();
        Outbound outbound = connection.outbound();
        return new TrafficCounters(inbound.received(), inbound.bytes(), outbound.messages(), outbound.written());
    }

    @Override
    public CompletionStage<CloseEvent> whenClosed() {
        return closed().minimalCompletionStage();
    }

    private CompletableFuture<CloseEvent> closed() {
        CompletableFuture<CloseEvent> known = get(CLOSED);
        return known != null ? known : putIfAbsent(CLOSED, new CompletableFuture<>());
    }

    /** The connection has ended: completes {@link #whenClosed}. */
    void ended(CloseEvent event) {
        closed().complete(event);
    }

    @Override
    public String url() {
        return connection.upgrade().url();
    }

    @Override
    public RequestInfo requestInfo() {
        return RequestInfo.of(url());
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public String subprotocol() {
        return connection.upgrade().subprotocol();
    }

    @Override
    public List<ExtensionOffer> extensions() {
        return connection.upgrade().extensions().stream()
                .map(NegotiatedExtension::agreed)
                .toList();
    }

    @Override
    public ConnectionExecutor executor() {
        return executor;
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return get(key);
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value) {
        return put(key, value);
    }
}
