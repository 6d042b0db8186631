package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.server.HostedRoutes;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The builder of a {@link NettyServer}. Not thread-safe. */
public final class NettyServerBuilder {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
    private final HostedRoutesBuilder routes = HostedRoutes.builder();

    @Nullable
    SslContext tls;
    /** Creates the context for QUIC from PEM files when the server starts, if HTTP/3 has none of its own. */
    private @Nullable Supplier<QuicSslContext> quicOfTls;

    private @Nullable QuicSslContext http3;
    private boolean withoutHttp3;

    Duration requestTimeout = Duration.ofSeconds(10);
    Duration idleTimeout = Duration.ofMinutes(2);
    int maxBody = 1 << 20;
    Function<HttpRequest, @Nullable WireTap> taps = request -> null;
    int loops = Runtime.getRuntime().availableProcessors();

    NettyServerBuilder() {}

    /**
     * Sets the address on which the server listens, over TCP and, with HTTP/3, also over UDP.
     *
     * @param address host and port; port 0 selects a free port. The default is a free port of 127.0.0.1
     * @return this
     */
    public NettyServerBuilder listen(InetSocketAddress address) {
        this.address = address;
        return this;
    }

    /**
     * Adds routes, and sets options that apply to all routes.
     *
     * @param change changes the builder of the routes; called at once
     * @return this
     */
    public NettyServerBuilder routes(Consumer<? super HostedRoutesBuilder> change) {
        change.accept(routes);
        return this;
    }

    /**
     * Switches TLS on, with HTTP/1.1 or HTTP/2 as negotiated by ALPN (RFC 7301), and QUIC with HTTP/3, which the server
     * announces by {@code Alt-Svc} (RFC 7838). Where Netty has no native code for QUIC, {@link #start} fails unless the
     * caller also calls {@link #http3} with null.
     *
     * @param certificates the server's certificate chain, PEM
     * @param key its private key, PKCS 8 in PEM, not encrypted
     * @return this
     * @throws IOException if the files cannot be read or used
     */
    public NettyServerBuilder tls(Path certificates, Path key) throws IOException {
        tls(SslContextBuilder.forServer(certificates.toFile(), key.toFile())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build());
        quicOfTls = () -> QuicSslContextBuilder.forServer(key.toFile(), null, certificates.toFile())
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        return this;
    }

    /**
     * Switches TLS over TCP on, with the caller's context. Clients can use HTTP/2 if the ALPN list of the context
     * contains {@code h2}.
     *
     * @param context a context for servers
     * @return this
     */
    public NettyServerBuilder tls(SslContext context) {
        tls = context;
        return this;
    }

    /**
     * Switches HTTP/3 on with the caller's context, or off, before or after a call of {@code tls}.
     *
     * @param context a context for servers, whose ALPN list contains {@code h3}; null for no HTTP/3
     * @return this
     */
    public NettyServerBuilder http3(@Nullable QuicSslContext context) {
        http3 = context;
        withoutHttp3 = context == null;
        return this;
    }

    /**
     * Sets how long a client may take to send a complete request: on a connection of HTTP/1.1 from its beginning, or
     * from the last response on, and on a stream of HTTP/2 or HTTP/3 from its beginning. Afterwards the server closes
     * the connection, or resets the stream. This does not apply to a WebSocket, which has its own deadlines.
     *
     * @param timeout positive; 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyServerBuilder requestTimeout(Duration timeout) {
        requestTimeout = positive(timeout);
        return this;
    }

    /**
     * Sets how long a connection stays open that serves nothing: one of HTTP/2 without a stream, and one of HTTP/3
     * without a packet.
     *
     * @param timeout positive; 2 minutes by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyServerBuilder idleTimeout(Duration timeout) {
        idleTimeout = positive(timeout);
        return this;
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout must be positive, not " + timeout);
        }
        return timeout;
    }

    /**
     * Sets the length of the longest body of a plain HTTP request that the server reads. A route may have a lower limit. A
     * longer body gets 413, before it is read if the head of the request gives its length.
     *
     * @param bytes 0 or more; 1 MiB by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public NettyServerBuilder maxBody(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the length of a body is not negative: " + bytes);
        }
        maxBody = bytes;
        return this;
    }

    /**
     * Sets the number of event loops. One of them serves all connections of HTTP/3, because they share a UDP socket.
     *
     * @param count 1 or more; one per core by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyServerBuilder loops(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a server needs at least one event loop, not " + count);
        }
        loops = count;
        return this;
    }

    /**
     * Sets a tap, which sees every byte of a WebSocket. The tap receives the heads of all versions as text in the form
     * of HTTP/1.1. HTTP/2 and HTTP/3 transmit them in another form; their heads contain {@code :method} and other
     * pseudo-header fields after the start line.
     *
     * @param taps creates the tap of a WebSocket from its request, or returns null for none; called on an event loop. If
     *     it throws, the request gets 500
     * @return this
     */
    public NettyServerBuilder tap(Function<HttpRequest, @Nullable WireTap> taps) {
        this.taps = taps;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return the started server
     * @throws IOException if the server cannot listen, or if HTTP/3 is on and Netty has no native code for QUIC
     */
    public NettyServer start() throws IOException {
        return new NettyServer(this, routes.build(), quicContext());
    }

    private @Nullable QuicSslContext quicContext() throws IOException {
        Supplier<QuicSslContext> ofTls = quicOfTls;
        if (withoutHttp3 || (http3 == null && ofTls == null)) {
            return null;
        }
        if (!Quic.isAvailable()) {
            throw new IOException(
                    "HTTP/3 is not available on this platform, for which Netty has no native code of QUIC: call http3(null)",
                    Quic.unavailabilityCause());
        }
        return http3 != null ? http3 : Objects.requireNonNull(ofTls).get();
    }
}
