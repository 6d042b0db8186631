package dev.tenon.ws.client;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * A last word on a server's certificate, beside trust and host name: the place for pinning.
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
     * Verifies a session. Called on an event loop when the handshake is done, before anything is sent; must not block.
     *
     * @param host the host of the URI
     * @param session what TLS has settled, with the server's certificates
     * @throws SSLException to fail the connect
     */
    void verify(String host, SSLSession session) throws SSLException;
}
