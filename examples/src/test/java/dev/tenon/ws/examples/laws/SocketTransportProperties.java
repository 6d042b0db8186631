package dev.tenon.ws.examples.laws;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.testkit.TransportLaws;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The laws of transports, for Tenon's own transport over loopback. */
class SocketTransportProperties extends TransportLaws {
    @Override
    protected AutoCloseable join(WebSocketListener client, WebSocketListener server) throws IOException {
        WebSocketServer listening = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/", upgrade -> upgrade.accept(server))
                .start();
        WebSocketClient connecting = WebSocketClient.create();
        connecting.connect("ws://127.0.0.1:" + listening.port() + "/", client).join();
        return () -> {
            connecting.close(Duration.ZERO);
            listening.stop(Duration.ZERO);
        };
    }
}
