package dev.tenon.ws.client.jdk;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.handshake.WebSocketUri;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds a request. As in the JDK, invalid names and values fail the future. */
final class ClientBuilder implements WebSocket.Builder {
    private record Header(String name, String value) {}

    private final WebSocketClient client;
    private final Executor executor;
    private List<Header> headers = List.of();
    private List<String> subprotocols = List.of();
    private @Nullable Duration timeout;

    ClientBuilder(WebSocketClient client, Executor executor) {
        this.client = requireNonNull(client, "client");
        this.executor = requireNonNull(executor, "executor");
    }

    @Override
    public WebSocket.Builder header(String name, String value) {
        Header header = new Header(requireNonNull(name, "name"), requireNonNull(value, "value"));
        headers = Stream.concat(headers.stream(), Stream.of(header)).toList();
        return this;
    }

    @Override
    public WebSocket.Builder connectTimeout(Duration timeout) {
        this.timeout = requireNonNull(timeout, "timeout");
        return this;
    }

    @Override
    public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
        Stream<String> first = Stream.of(requireNonNull(mostPreferred, "mostPreferred"));
        subprotocols =
                List.copyOf(Stream.concat(first, Stream.of(lesserPreferred)).toList());
        return this;
    }

    @Override
    public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
        requireNonNull(uri, "uri");
        BuildOperation building =
                new BuildOperation(uri, new ListenerAdapter(requireNonNull(listener, "listener"), executor), executor);
        try {
            return building.start(client, request(uri), timeout);
        } catch (IllegalArgumentException rejected) {
            return CompletableFuture.failedFuture(rejected);
        }
    }

    private ConnectRequest request(URI uri) {
        ConnectRequest request = ConnectRequest.to(WebSocketUri.of(uri).toString())
                .withSubprotocols(subprotocols.toArray(String[]::new));
        for (Header header : headers) {
            request = request.withHeader(header.name, header.value);
        }
        return request;
    }
}
