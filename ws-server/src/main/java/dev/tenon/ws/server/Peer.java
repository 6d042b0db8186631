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
 * Who is at the other end. Immutable and thread-safe.
 *
 * @param address the client's address, as a {@linkplain WebSocketServer.Builder#trustedProxies trusted proxy} tells it or
 *     else as it is seen here; null if it is not known, and on a Unix domain socket
 * @param secure whether the client speaks TLS, to this server or to a trusted proxy
 * @param session what TLS with this server has settled, or null if there is none
 */
public record Peer(
        @Nullable InetSocketAddress address,
        boolean secure,
        @Nullable SSLSession session) {
    /**
     * The certificates that the peer has shown, and the server's trust manager found good.
     *
     * @return the peer's own first, then those of its authorities; empty if it has shown none
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
     * The host that the peer has asked for in its TLS handshake (RFC 6066 §3).
     *
     * @return its name, or null if it has named none
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
