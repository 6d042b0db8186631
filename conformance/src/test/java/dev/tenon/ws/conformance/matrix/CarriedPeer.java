package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.handshake.HttpVersion;

/**
 * A peer that is met by one version of HTTP alone.
 *
 * @param version the version
 * @param secure whether it is met over TLS or QUIC in any case
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
