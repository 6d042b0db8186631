package dev.tenon.ws.server;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The client that has sent a request. Immutable and thread-safe.
 *
 * @param address the client's address: the one that a {@linkplain RouteBuilder#trustedProxies trusted proxy} reports,
 *     else the one of the connection; null if it is not known, and on a Unix domain socket
 * @param secure whether the client speaks TLS, to this server or to a trusted proxy
 * @param session the TLS session with this server, or null without TLS
 */
public record Client(
        @Nullable InetSocketAddress address,
        boolean secure,
        @Nullable SSLSession session) {
    /**
     * Returns the client's certificates, which the server's trust manager has verified.
     *
     * @return the client's own first, then those of its authorities; empty if it has sent none
     */
    public List<X509Certificate> certificates() {
        if (session == null) {
            return List.of();
        }
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /**
     * Returns the host name that the client has requested in the TLS handshake (RFC 6066 §3).
     *
     * @return the name, or null if the client has sent none
     */
    public @Nullable String serverName() {
        return session instanceof ExtendedSSLSession extended
                ? extended.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse(null)
                : null;
    }
}
