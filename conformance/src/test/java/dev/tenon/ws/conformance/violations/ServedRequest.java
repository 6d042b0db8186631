package dev.tenon.ws.conformance.violations;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that only a server with routes and hosts can check; its response names the violated rule. */
record ServedRequest(HandshakeViolation violation, String text) implements Provocation {
    @Override
    public String receiver() {
        return "a server";
    }

    @Override
    public String example() {
        return HeadText.difference(RequestSent.GOOD, text);
    }

    @Override
    public @Nullable Violation provoke() throws IOException {
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/{path...}", upgrade -> upgrade.accept(new WebSocketListener() {}))
                .start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            String response = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            boolean named = response.startsWith("HTTP/1.1 " + violation.status() + " ")
                    && response.contains("\r\n\r\n" + violation.description());
            return named ? violation : null;
        } finally {
            server.stop(Duration.ZERO);
        }
    }
}
