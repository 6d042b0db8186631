package dev.tenon.ws.client;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Engines for {@code wss:}: the certificate has to be for the host, which is named in the hello (RFC 6066 §3). */
final class TlsEngines {
    private TlsEngines() {}

    /** TLS towards a server, or null for none. */
    static @Nullable SSLEngine of(@Nullable SSLContext given, WebSocketUri uri) throws IOException {
        if (!uri.secure()) {
            return null;
        }
        try {
            SSLContext context = given == null ? SSLContext.getDefault() : given;
            SSLEngine engine = context.createSSLEngine(uri.host(), uri.port());
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            parameters.setServerNames(names(uri.host()));
            engine.setSSLParameters(parameters);
            return engine;
        } catch (NoSuchAlgorithmException | RuntimeException e) {
            throw new IOException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<SNIServerName> names(String host) {
        if (Addresses.isLiteral(host)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        } catch (IllegalArgumentException e) { // a name with an underscore, say, which cannot be asked for
            return List.of();
        }
    }
}
