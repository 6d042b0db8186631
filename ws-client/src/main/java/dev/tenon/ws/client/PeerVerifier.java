package dev.tenon.ws.client;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * An additional check of a server's certificate after trust and host name, for example for pinning.
 *
 * <pre>{@code
 * ClientTls.platform().withVerifier((host, session) -> {
 *     byte[] key = session.getPeerCertificates()[0].getPublicKey().getEncoded();
 *     if (!pinned.contains(sha256(key))) {
 *         throw new SSLException("the key of " + host + " is not pinned");
 *     }
 * })
 * }</pre>
 */
@FunctionalInterface
public interface PeerVerifier {
    /**
     * Verifies a session. Called on an event loop after the TLS handshake, before the first byte of HTTP; must not
     * block.
     *
     * @param host the host of the URI
     * @param session the TLS session with the server's certificates
     * @throws SSLException to fail the connect
     */
    void verify(String host, SSLSession session) throws SSLException;
}
