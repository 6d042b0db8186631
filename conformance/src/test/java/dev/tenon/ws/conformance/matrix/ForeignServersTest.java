package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Servers of other projects with Tenon's client. */
@Tag("once")
class ForeignServersTest extends MatrixContract<Peer.Server> {
    ForeignServersTest() {
        super("servers", Peers.servers());
    }

    @Override
    Opener opener(Peer.Server peer, @Nullable Certificate certificate) throws Exception {
        return new TenonClient(peer, certificate);
    }
}
