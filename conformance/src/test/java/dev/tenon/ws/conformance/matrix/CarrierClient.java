package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.netty.NettyClient;
import dev.tenon.ws.netty.NettyClientBuilder;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client of ws-netty with its defaults except for the version of HTTP, and a peer that listens. */
final class CarrierClient implements Opener {
    private static final String OFFER = "permessage-deflate";

    private final EventLog eventLog = new EventLog();
    private final Peer.RunningServer server;
    private final NettyClient client;
    private final String url;

    CarrierClient(CarriedPeer<Peer.Server> peer, @Nullable Certificate certificate) throws Exception {
        NettyClientBuilder builder = NettyClient.builder().version(peer.version());
        client = (certificate == null ? builder : builder.trust(certificate.pem())).build();
        try {
            server = peer.peer().listen(eventLog, certificate);
        } catch (Throwable e) { // includes the exception of a skipped test
            client.close();
            throw e;
        }
        url = (certificate == null ? "ws" : "wss") + "://127.0.0.1:" + server.port() + "/";
    }

    @Override
    public PeerConnection open() throws Exception {
        eventLog.clear();
        TenonEnd end = new TenonEnd();
        try {
            WebSocket webSocket = client.connect(url, end).get(20, TimeUnit.SECONDS);
            String agreed = CarrierServer.extensions(CarrierServer.agreed(webSocket));
            Traffic traffic = Traffic.untapped("CONNECT /" + CarrierServer.extensions(OFFER), "HTTP/2 200" + agreed);
            return new PeerConnection(webSocket, traffic, end.eventLog, eventLog, () -> {});
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.stop().close();
    }
}
