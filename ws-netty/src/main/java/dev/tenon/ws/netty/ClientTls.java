package dev.tenon.ws.netty;

import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of a client. Each is built at most once, when a connect needs it, on a helper thread, because that
 * reads files. A failure is not kept. Thread-safe.
 */
final class ClientTls {
    private final @Nullable Path trusted;
    private final HelperThreads threads;
    private final Shared<SslContext> http1 = new Shared<>(() -> tcp(ApplicationProtocolNames.HTTP_1_1));
    private final Shared<SslContext> http2 =
            new Shared<>(() -> tcp(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1));
    private final Shared<QuicSslContext> http3 = new Shared<>(this::quic);

    /** @param trusted the trusted certificates, PEM, or null for those of the system */
    ClientTls(@Nullable Path trusted, HelperThreads threads) {
        this.trusted = trusted;
        this.threads = threads;
    }

    /** Returns the context of connections that use HTTP/1.1 only. */
    CompletableFuture<SslContext> http1() {
        return http1.get();
    }

    /** Returns the context of connections that prefer HTTP/2. */
    CompletableFuture<SslContext> http2() {
        return http2.get();
    }

    CompletableFuture<QuicSslContext> http3() {
        return http3.get();
    }

    /** @param protocols the ALPN list, in order of preference */
    private SslContext tcp(String... protocols) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        return (trusted == null ? builder : builder.trustManager(trusted.toFile())).build();
    }

    private QuicSslContext quic() {
        QuicSslContextBuilder builder =
                QuicSslContextBuilder.forClient().applicationProtocols(Http3.supportedApplicationProtocols());
        return (trusted == null ? builder : builder.trustManager(trusted.toFile())).build();
    }

    /** A context that all connects share. */
    private final class Shared<T> {
        private final Callable<T> builder;
        private @Nullable CompletableFuture<T> built;

        Shared(Callable<T> builder) {
            this.builder = builder;
        }

        synchronized CompletableFuture<T> get() {
            CompletableFuture<T> known = built;
            if (known == null || known.isCompletedExceptionally()) {
                known = threads.call(builder);
                built = known;
            }
            return known;
        }
    }
}
