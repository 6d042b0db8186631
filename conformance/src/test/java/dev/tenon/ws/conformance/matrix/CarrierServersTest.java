package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Servers of other projects with the client of ws-netty, over HTTP/2. */
@Tag("once")
class CarrierServersTest extends MatrixContract<CarriedPeer<Peer.Server>> {
    CarrierServersTest() {
        super("servers by carrier", CarriedPeers.servers());
    }

    @Override
    Opener opener(CarriedPeer<Peer.Server> peer, @Nullable Certificate certificate) throws Exception {
        return new CarrierClient(peer, peer.secure() ? certificate() : certificate);
    }
}
