package dev.tenon.ws.examples.programs;

import dev.tenon.ws.server.*;
import java.nio.file.Path;

public class Secure {
    static void routes(RouteBuilder<?> server) {
        server.liveness("/health").routes(Chat::routes);
    }

    public static void main(String[] args) throws Exception {
        ServerTls tls = ServerTls.pem(Path.of("fullchain.pem"), Path.of("privkey.pem")); // read again when they change
        WebSocketServer.builder().listen(8443, tls).routes(Secure::routes).start();
    }
}
