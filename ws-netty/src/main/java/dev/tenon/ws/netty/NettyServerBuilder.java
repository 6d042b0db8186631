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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes a {@link NettyServer}. Not thread-safe. */
public final class NettyServerBuilder {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
    private final HostedRoutesBuilder routes = HostedRoutes.builder();

    @Nullable
    SslContext tls;
    /** Makes the context for QUIC when the server starts, so that HTTP/3 can be taken out before; null for no HTTP/3. */
    private @Nullable Supplier<QuicSslContext> quic;

    Duration requestTimeout = Duration.ofSeconds(10);
    int maxBody = 1 << 20;
    Function<HttpRequest, @Nullable WireTap> taps = request -> null;
    int loops = Runtime.getRuntime().availableProcessors();

    NettyServerBuilder() {}

    /**
     * Sets where to listen, over TCP and, with HTTP/3, over UDP.
     *
     * @param address host and port, port 0 for any that is free; a free port of 127.0.0.1 by default
     * @return this
     */
    public NettyServerBuilder listen(InetSocketAddress address) {
        this.address = address;
        return this;
    }

    /**
     * Adds routes, and sets what holds for all of them.
     *
     * @param change called at once
     * @return this
     */
    public NettyServerBuilder routes(Consumer<? super HostedRoutesBuilder> change) {
        change.accept(routes);
        return this;
    }

    /**
     * Speaks TLS with HTTP/1.1 and HTTP/2, as the client wants (RFC 7301), and QUIC with HTTP/3, which is announced by
     * {@code Alt-Svc} (RFC 7838). Where Netty has no native code for QUIC, {@link #start} fails unless {@link #http3} is called
     * with null.
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
        quic = () -> QuicSslContextBuilder.forServer(key.toFile(), null, certificates.toFile())
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        return this;
    }

    /**
     * Speaks TLS over TCP with a context of the caller's own: with HTTP/2 if its ALPN has {@code h2}.
     *
     * @param context of a server
     * @return this
     */
    public NettyServerBuilder tls(SslContext context) {
        tls = context;
        return this;
    }

    /**
     * Speaks HTTP/3 with a context of the caller's own, or not at all.
     *
     * @param context of a server, whose ALPN has {@code h3}; null for no HTTP/3
     * @return this
     */
    public NettyServerBuilder http3(@Nullable QuicSslContext context) {
        quic = context == null ? null : () -> context;
        return this;
    }

    /**
     * Sets how long a client of HTTP/1.1 may take for a whole request.
     *
     * @param timeout positive; 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyServerBuilder requestTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is positive, not " + timeout);
        }
        requestTimeout = timeout;
        return this;
    }

    /**
     * Sets the longest body of a plain HTTP request that is read at all; routes may say less.
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
     * Sets the number of event loops. All connections of HTTP/3 are served by one of them, because they share a UDP socket.
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
     * Lets a tool see every byte of a WebSocket. Heads come as text, as HTTP/1.1 has them: those of HTTP/2 and HTTP/3 travel in
     * another form, behind the start line they hold {@code :method} and the like.
     *
     * @param taps makes the tap of a WebSocket from its request, or returns null for none; called on an event loop
     * @return this
     */
    public NettyServerBuilder tap(Function<HttpRequest, @Nullable WireTap> taps) {
        this.taps = taps;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return a server that listens
     * @throws IOException if it cannot listen, or if HTTP/3 is wanted where Netty has no native code for QUIC
     */
    public NettyServer start() throws IOException {
        return new NettyServer(this, routes.build(), quicContext());
    }

    private @Nullable QuicSslContext quicContext() throws IOException {
        if (quic == null) {
            return null;
        }
        if (!Quic.isAvailable()) {
            throw new IOException(
                    "HTTP/3 is not available on this platform, for which Netty has no native code of QUIC: http3(null) does without",
                    Quic.unavailabilityCause());
        }
        return quic.get();
    }
}
