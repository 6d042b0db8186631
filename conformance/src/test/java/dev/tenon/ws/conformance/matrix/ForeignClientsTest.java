package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Clients of other projects with Tenon's server. */
@Tag("once")
class ForeignClientsTest extends MatrixContract<Peer.Client> {
    ForeignClientsTest() {
        super("clients", Peers.clients());
    }

    @Override
    Opener opener(Peer.Client peer, @Nullable Certificate certificate) throws Exception {
        return new TenonServer(peer, certificate);
    }
}
