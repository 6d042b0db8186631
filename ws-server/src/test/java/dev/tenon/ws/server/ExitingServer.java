package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A process whose HTTP handler ends it, and whose shutdown hook stops the server that calls the handler. */
final class ExitingServer {
    private ExitingServer() {}

    public static void main(String[] args) throws IOException {
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1)
                .get("/exit", request -> {
                    System.exit(7);
                    return HttpResponse.text(200, "");
                })
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofMillis(500))));
        System.out.println(server.port());
    }
}
