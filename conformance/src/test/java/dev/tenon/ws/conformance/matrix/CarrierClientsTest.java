package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Clients of other projects with the server of ws-netty, over each version of HTTP. */
@Tag("once")
class CarrierClientsTest extends MatrixContract<CarriedPeer<Peer.Client>> {
    CarrierClientsTest() {
        super("clients by carrier", CarriedPeers.clients());
    }

    @Override
    Opener opener(CarriedPeer<Peer.Client> peer, @Nullable Certificate certificate) throws Exception {
        return new CarrierServer(peer, peer.secure() ? certificate() : certificate);
    }
}
