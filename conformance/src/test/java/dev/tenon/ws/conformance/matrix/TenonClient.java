package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tenon's client with its defaults, and a peer that listens. */
final class TenonClient implements Opener {
    private final EventLog eventLog = new EventLog();
    private final Peer.RunningServer server;
    private final WebSocketClient client;
    private final String url;

    TenonClient(Peer.Server peer, @Nullable Certificate certificate) throws Exception {
        client = certificate == null
                ? WebSocketClient.create()
                : WebSocketClient.builder().tls(certificate.context()).build();
        try {
            server = peer.listen(eventLog, certificate);
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
        Traffic traffic = new Traffic();
        ConnectRequest request = ConnectRequest.to(url).withTap(traffic);
        try {
            WebSocket webSocket = client.connect(request, end).get(20, TimeUnit.SECONDS);
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
