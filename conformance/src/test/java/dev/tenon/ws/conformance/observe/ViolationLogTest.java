package dev.tenon.ws.conformance.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's log names the rule that a peer has broken (RFC 6455 §7.1.7), and what a listener has thrown. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ViolationLogTest {
    private static final String REQUEST = """
            GET /ws HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final byte[] UNMASKED_TEXT = {(byte) 0x81, 2, 'h', 'i'};
    private static final byte[] TEXT = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

    @Test
    void atDebugTheLogNamesTheRuleAndTheAddress() throws Exception {
        LogLines log = new LogLines("dev.tenon.ws.transport");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (log;
                WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(loopback, 0))
                        .route("/ws", upgrade -> upgrade.accept(new WebSocketListener() {}))
                        .start();
                Socket client = new Socket(loopback, server.port())) {
            client.getOutputStream().write(REQUEST.replace("\n", "\r\n").getBytes(ISO_8859_1));
            client.getOutputStream().write(UNMASKED_TEXT);
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
            assertEquals(
                    "the peer at " + client.getLocalSocketAddress()
                            + " has broken a rule, and its connection was ended: [frame.mask-missing] a frame from a client must be masked",
                    log.await("broken a rule"));
        }
    }

    @Test
    void anExceptionOfAListenerIsLoggedInNettyToo() throws Exception {
        LogLines log = new LogLines("dev.tenon.ws.netty");
        WebSocketListener throwing = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                throw new IllegalStateException("deliberate: a test wants to see this");
            }
        };
        try (log;
                NettyServer server = NettyServer.builder()
                        .routes(routes -> routes.route("/ws", upgrade -> upgrade.accept(throwing)))
                        .start();
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.getOutputStream().write(REQUEST.replace("\n", "\r\n").getBytes(ISO_8859_1));
            client.getOutputStream().write(TEXT);
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
            assertEquals(
                    "a listener or an extension has thrown, and its connection was ended", log.await("has thrown"));
        }
    }
}
