package dev.tenon.ws.examples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.testkit.BrokenRequest;
import dev.tenon.ws.testkit.BrokenSequence;
import dev.tenon.ws.testkit.ScriptedPeer;
import dev.tenon.ws.testkit.SentBy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The guide's third example: your own server. */
class ServerGuideProperties {
    private static @Nullable WebSocketServer server;
    private static InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);

    @BeforeContainer
    static void start() throws IOException {
        WebSocketServer started = WebSocketServer.builder()
                .listen(address)
                .route(
                        "/echo",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onText(WebSocket webSocket, String text) {
                                webSocket.sendText(text);
                            }
                        }))
                .start();
        address = new InetSocketAddress("127.0.0.1", started.port());
        server = started;
    }

    @AfterContainer
    static void stop() {
        if (server != null) {
            server.stop(Duration.ZERO);
        }
    }

    // region script
    @Example
    void aFrameWithoutAMaskIsAnsweredWith1002() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.connect(address, "/echo")) {
            peer.send(Frame.text("hi"))
                    .expectText("hi")
                    .sendUnmasked(Frame.text("no mask"))
                    .expectClose(1002)
                    .expectEnd();
        }
    }
    // endregion

    // region sequences
    @Property(tries = 100)
    void brokenFramesAreAnsweredWithTheirCode(@ForAll @SentBy(Role.CLIENT) BrokenSequence broken) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.connect(address, "/echo")) {
            peer.ignore(Opcode.PONG).sendBytes(broken.bytes());
            for (Frame message : broken.delivered()) {
                peer.expectText(UTF_8.decode(message.payload()).toString());
            }
            peer.expectClose(broken.closeCode().value()).expectEnd();
        }
    }
    // endregion

    // region requests
    @Property(tries = 100)
    void aBrokenRequestIsRefused(@ForAll BrokenRequest broken) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(5_000);
            ByteBuffer bytes = broken.bytes();
            socket.getOutputStream().write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
            String response = new String(socket.getInputStream().readNBytes(12), UTF_8);
            assertTrue(response.startsWith("HTTP/1.1 4") || response.startsWith("HTTP/1.1 5"), response);
        }
    }
    // endregion
}
