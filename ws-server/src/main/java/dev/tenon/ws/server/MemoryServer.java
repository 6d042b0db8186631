package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server in memory, for tests of endpoints, handlers and topics. It has all routes and limits of a {@link
 * WebSocketServerBuilder}, but no socket, no thread and no clock. A call runs everything that follows from it on the
 * caller's thread before it returns; only {@link #advance} lets time pass. Thread-safe.
 *
 * <pre>{@code
 * MemoryServer server = WebSocketServer.builder().routes(Chat::routes).startInMemory();
 * MemoryClient ann = server.connect("/rooms/oak");
 * MemoryClient bob = server.connect("/rooms/oak");
 * ann.sendText("hello");
 * assertEquals("hello", bob.receiveText());
 * }</pre>
 *
 * <p>An {@code executor} or a stage of the application runs on its own threads, and clients wait for it. There is no
 * TLS and no compression. The address of the clients is 127.0.0.1.
 */
public final class MemoryServer implements AutoCloseable {
    private final MemoryLoop loop = new MemoryLoop();
    private final ServerConfig config;
    private final Binding binding;
    private final AtomicBoolean ready;
    private final AtomicInteger clients = new AtomicInteger();

    MemoryServer(ServerConfig config, Binding binding, AtomicBoolean ready) {
        this.config = config;
        this.binding = binding;
        this.ready = ready;
    }

    /**
     * Connects a client to a WebSocket route.
     *
     * @param target path and query, as in {@code /rooms/oak?token=1}, or a whole {@code ws://} URL to name a host
     * @return the client, connected
     * @throws HandshakeException if the server refuses, with its response
     */
    public MemoryClient connect(String target) {
        return connect(target, Headers.empty());
    }

    /**
     * Connects a client to a WebSocket route.
     *
     * @param target path and query, or a whole {@code ws://} URL
     * @param headers further headers, such as {@code Cookie}, {@code Origin} or {@code Sec-WebSocket-Protocol}
     * @return the client, connected
     * @throws HandshakeException if the server refuses, with its response
     */
    public MemoryClient connect(String target, Headers headers) {
        Headers.Builder others = headers.toBuilder().remove("Sec-WebSocket-Protocol");
        ClientHandshake handshake = ClientHandshake.to(
                        WebSocketUri.parse(target.startsWith("/") ? "ws://localhost" + target : target))
                .extensions(Extensions.none())
                .subprotocols(headers.elements("Sec-WebSocket-Protocol"))
                .headers(others.build())
                .start();
        MemoryTransport end = new MemoryTransport(loop, null);
        MemoryClient client = new MemoryClient(loop, end);
        MemoryHandshake opening = new MemoryHandshake(end, handshake, client.new Recorder());
        join(end, opening);
        if (!loop.await(opening::isOver)) {
            loop.run(end::abort);
            throw new HandshakeException("there is no response after ten seconds", null);
        }
        HandshakeException failure = opening.failure();
        if (failure != null) {
            throw failure;
        }
        return client;
    }

    private void join(MemoryTransport client, Protocol protocol) {
        SocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000 + clients.incrementAndGet() % 10_000);
        MemoryTransport accepted = new MemoryTransport(loop, address);
        ConnectionLimiter.Permit permit = config.limiter().acquire(null);
        if (permit == null) {
            throw new IllegalStateException("too many clients that the server has rejected are still connected");
        }
        accepted.whenClosed(permit);
        loop.run(() -> {
            loop.counters().countAccepted();
            MemoryTransport.join(client, protocol, accepted, new HttpDriver(config, binding, accepted, permit));
        });
    }

    /**
     * Sends a GET request.
     *
     * @param target path and query
     * @return the response
     */
    public HttpResponse get(String target) {
        return get(target, Headers.empty());
    }

    /**
     * Sends a GET request with headers.
     *
     * @param target path and query
     * @param headers such as a cookie; {@code Host} need not be among them
     * @return the response
     */
    public HttpResponse get(String target, Headers headers) {
        return request("GET", target, headers, ByteBuffer.allocate(0));
    }

    /**
     * Sends a plain HTTP request.
     *
     * @param method for example {@code POST}
     * @param target path and query
     * @param headers further headers; {@code Host} and {@code Content-Length} need not be among them
     * @param body the body, from position to limit; copied
     * @return the response
     * @throws HandshakeException if there is no response
     */
    public HttpResponse request(String method, String target, Headers headers, ByteBuffer body) {
        Headers.Builder all = headers.toBuilder();
        if (headers.count("Host") == 0) {
            all.add("Host", "localhost");
        }
        if (body.hasRemaining()) {
            all.add("Content-Length", Integer.toString(body.remaining()));
        }
        HttpRequest head = new HttpRequest(method, target, HttpVersion.HTTP_1_1, all.build());
        MemoryTransport end = new MemoryTransport(loop, null);
        MemoryRequest request = new MemoryRequest(end, head, body.duplicate());
        join(end, request);
        loop.await(request::isOver);
        loop.run(end::abort);
        return request.response();
    }

    /**
     * Lets time pass. Timeouts, pings and everything else that is due happen at their own times.
     *
     * @param time how much; 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back by " + time);
        }
        loop.advance(time);
    }

    /**
     * Reports the counters of the server and of each route, and the open connections. The counters of reads and writes
     * are 0, because there are no sockets.
     *
     * @return a snapshot
     */
    public ServerMetrics metrics() {
        MetricsReader reader = new MetricsReader(config.router().meters());
        long[] sum = new long[ServerCounters.COUNT];
        loop.run(() -> {
            loop.transports().stream()
                    .filter(transport -> transport.remoteAddress() != null && !transport.isClosed())
                    .forEach(transport -> reader.add(transport.protocol(), transport.backlog()));
            loop.counters().addTo(sum);
        });
        return reader.read(ServerCounters.of(sum));
    }

    /** Stops: closes every connection with 1001, and aborts those that have not ended then. */
    @Override
    public void close() {
        ready.set(false);
        loop.run(() -> loop.transports().forEach(MemoryTransport::drain));
        loop.run(() -> loop.transports().forEach(MemoryTransport::abort));
    }
}
