package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import org.jspecify.annotations.Nullable;

/** Servers of others with Tenon's client. */
class ForeignServersTest extends MatrixContract<Peer.Server> {
    ForeignServersTest() {
        super("servers", Peers.servers());
    }

    @Override
    Opener opener(Peer.Server peer, @Nullable Certificate certificate) throws Exception {
        return new TenonClient(peer, certificate);
    }
}
