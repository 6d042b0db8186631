package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.handshake.HttpVersion;

/**
 * A peer that is tested over one version of HTTP only.
 *
 * @param version the version
 * @param secure whether the connection always uses TLS or QUIC
 * @param peer the peer
 */
record CarriedPeer<S>(HttpVersion version, boolean secure, S peer) {
    static <S> CarriedPeer<S> clear(HttpVersion version, S peer) {
        return new CarriedPeer<>(version, false, peer);
    }

    static <S> CarriedPeer<S> secure(HttpVersion version, S peer) {
        return new CarriedPeer<>(version, true, peer);
    }
}
