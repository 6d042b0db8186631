package dev.tenon.ws.benchmarks.carriers;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import javax.net.ssl.SSLException;

/** TLS with the JDK's engine at both ends. */
final class Tls {
    private Tls() {}

    static SslContext server(String pem, boolean http2) throws SSLException {
        return SslContextBuilder.forServer(new File(pem), new File(pem))
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(protocols(http2))
                .build();
    }

    static SslContext client(String pem, boolean http2) throws SSLException {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(new File(pem))
                .applicationProtocolConfig(protocols(http2))
                .build();
    }

    private static ApplicationProtocolConfig protocols(boolean http2) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                http2 ? ApplicationProtocolNames.HTTP_2 : ApplicationProtocolNames.HTTP_1_1);
    }
}
