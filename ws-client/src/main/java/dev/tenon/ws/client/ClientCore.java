package dev.tenon.ws.client;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of a client share. Immutable and thread-safe.
 *
 * @param options limits and deadlines
 * @param tls trust and keys, or null for the platform's
 * @param connectNanos how long connecting and the handshake may take
 */
record ClientCore(ConnectionOptions options, @Nullable SSLContext tls, long connectNanos) {
    /** TLS towards a server whose certificate has to be for its host, or null for none. */
    @Nullable
    SSLEngine engine(WebSocketUri uri) throws IOException {
        if (!uri.secure()) {
            return null;
        }
        try {
            SSLContext context = tls == null ? SSLContext.getDefault() : tls;
            SSLEngine engine = context.createSSLEngine(uri.host(), uri.port());
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            engine.setSSLParameters(parameters);
            return engine;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this platform has no TLS", e);
        }
    }
}
