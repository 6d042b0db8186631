package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Shared by the tests of {@link WebSocketServer}: a builder with its usual settings. */
abstract class WebSocketServerTestBase {
    static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(2);
    }

    static void health(RouteBuilder<?> server) {
        server.get("/health", request -> HttpResponse.text(200, "well"));
    }
}
