package dev.tenon.ws.netty;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The builder of a {@link NettyClient}. Not thread-safe. */
public final class NettyClientBuilder {
    @Nullable
    Path trusted;

    ConnectionOptions options = ConnectionOptions.DEFAULT;

    @Nullable
    Extensions extensions;

    @Nullable
    Executor executor;

    @Nullable
    HttpVersion version;

    Duration timeout = Duration.ofSeconds(30);
    int loops = 1;
    HostLookup.Resolver resolver = InetAddress::getByName;

    NettyClientBuilder() {}

    /**
     * Sets the certificates that the client trusts. The default is the JDK's trust store over TCP and BoringSSL's own
     * over QUIC. The host name is verified in any case.
     *
     * @param certificates of authorities or servers, PEM; read once, by the first connect that needs them
     * @return this
     */
    public NettyClientBuilder trust(Path certificates) {
        trusted = certificates;
        return this;
    }

    /**
     * Sets the limits and deadlines of connections.
     *
     * @param options the options; {@link ConnectionOptions#DEFAULT} by default
     * @return this
     */
    public NettyClientBuilder options(ConnectionOptions options) {
        this.options = options;
        return this;
    }

    /**
     * Sets the extensions that the client offers.
     *
     * @param extensions the providers; by default all that {@link Extensions#load()} finds
     * @return this
     */
    public NettyClientBuilder extensions(Extensions extensions) {
        this.extensions = extensions;
        return this;
    }

    /**
     * Sets an executor for the calls of listeners, so that listeners may block.
     *
     * @param executor runs the calls of a listener, one at a time; without an executor, they run on the event loop
     * @return this
     */
    public NettyClientBuilder executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /**
     * Selects the only version of HTTP that the client uses. Without this, the client uses HTTP/2 for {@code wss}
     * servers that announce the extended CONNECT method, and HTTP/1.1 for all others. It uses HTTP/3 only if it is
     * selected.
     *
     * @param version HTTP/1.1, HTTP/2 or HTTP/3
     * @return this
     * @throws IllegalArgumentException if it is HTTP/1.0, which cannot upgrade
     */
    public NettyClientBuilder version(HttpVersion version) {
        if (version == HttpVersion.HTTP_1_0) {
            throw new IllegalArgumentException("a WebSocket needs HTTP/1.1 or later, not " + version);
        }
        this.version = version;
        return this;
    }

    /**
     * Sets how long a connect may take, from the first step to the last.
     *
     * @param timeout positive; 30 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyClientBuilder connectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout must be positive, not " + timeout);
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * Sets the number of event loops.
     *
     * @param count 1 or more; 1 by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public NettyClientBuilder loops(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a client needs at least one event loop, not " + count);
        }
        loops = count;
        return this;
    }

    /**
     * Creates the client.
     *
     * @return a client whose event loops have started
     */
    public NettyClient build() {
        return new NettyClient(this);
    }
}
