package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses that break a rule of the opening handshake (RFC 6455 §4.1), and listeners that throw. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DefectTest {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions: ";
    private static final String EMPTY = "\r\nContent-Length: 0";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol: ";

    /** For each defect: a text of a valid response and its replacement, the status, and the message of the failure. */
    static Stream<Arguments> defects() {
        return Stream.of(
                Arguments.of("101 Switching Protocols", "200 No" + EMPTY, 200, "did not accept the connection: 200"),
                Arguments.of("101 Switching Protocols", "403 No" + EMPTY, 403, "did not accept the connection: 403"),
                Arguments.of("HTTP/1.1", "HTTP/1.0", 101, ""),
                Arguments.of("HTTP/1.1 101", "ICY 200", 0, ""),
                Arguments.of("Upgrade: websocket", "Upgrade: h2c", 101, "Upgrade is not websocket"),
                Arguments.of("Upgrade: websocket", "Upgrade: h2c, websocket", 101, "Upgrade is not websocket"),
                Arguments.of("Upgrade: websocket\r\n", "", 101, "Upgrade is not websocket"),
                Arguments.of("Connection: Upgrade", "Connection: close", 101, "Connection does not contain Upgrade"),
                Arguments.of("Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: A", 101, "does not belong to the key"),
                Arguments.of("Sec-WebSocket-Accept: ", "X: ", 101, "exactly one Sec-WebSocket-Accept"),
                Arguments.of(
                        "\r\n\r\n", "\r\nSec-WebSocket-Accept: x\r\n\r\n", 101, "exactly one Sec-WebSocket-Accept"),
                Arguments.of("\r\n\r\n", "\r\n" + PROTOCOL + "soup\r\n\r\n", 101, "did not offer the subprotocol"),
                Arguments.of(
                        "\r\n\r\n", "\r\n" + PROTOCOL + "chat\r\n" + PROTOCOL + "chat\r\n\r\n", 101, "more than one"),
                Arguments.of("\r\n\r\n", "\r\n" + EXTENSIONS + "made-up\r\n\r\n", 101, "breaks the handshake"),
                Arguments.of("\r\n\r\n", "\r\n" + EXTENSIONS + ";;\r\n\r\n", 101, "breaks the handshake"),
                Arguments.of("\r\n\r\n", "\r\nno header\r\n\r\n", 101, ""));
    }

    private static String response(String head, String good, String bad) throws Exception {
        String response = Peer.upgrade(head, "");
        int at = response.indexOf(good);
        assertTrue(at >= 0);
        return response.substring(0, at) + bad + response.substring(at + good.length());
    }

    private static Peer answering(String good, String bad) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            Peer.say(socket, response(peer[0].head(socket), good, bad) + "\u0081\u0002hi");
            while (socket.getInputStream().read() >= 0) {
                // the client has closed the connection
            }
        });
        return peer[0];
    }

    private static WebSocketClient client() throws IOException {
        return WebSocketClient.builder().proxy(null).build();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aResponseThatBreaksARuleIsAFailureThatNamesTheRuleAndLeavesNoResources(
            String good, String bad, int status, String says) throws Exception {
        Chat chat = new Chat();
        try (Peer server = answering(good, bad);
                WebSocketClient client = client()) {
            ConnectRequest request = ConnectRequest.to(server.uri()).withSubprotocols("chat");
            long before = OpenResources.descriptors();
            HandshakeException failure = failure(HandshakeException.class, client.connect(request, chat));
            assertEquals(status, failure.status(), String.valueOf(failure.getMessage()));
            assertTrue(String.valueOf(failure.getMessage()).contains(says), failure.getMessage());
            assertTrue(failure.response() != null || failure.getCause() == null);
            OpenResources.awaitDescriptors(before);
            assertEquals(0, LinkOpener.HOSTS.keys());
        }
        assertTrue(chat.texts.isEmpty() && chat.ends.isEmpty(), "the listener was called");
    }

    @Test
    void aMissingOrCutResponseIsDistinguishedFromAWrongOne() throws Exception {
        for (String begun : new String[] {"", "HTTP/1.1 101 Swit"}) {
            Peer[] peer = new Peer[1];
            try (Peer server = Peer.start(socket -> {
                        peer[0].head(socket);
                        Peer.say(socket, begun);
                    });
                    WebSocketClient client = client()) {
                peer[0] = server;
                HandshakeException cut = failure(HandshakeException.class, client.connect(server.uri(), new Chat()));
                assertTrue(cut.getCause() instanceof EOFException);
            }
        }
    }

    @Test
    void anExceptionInOnOpenEndsTheConnectionWith1011AndReachesOnError() throws Exception {
        IllegalStateException thrown = new IllegalStateException("not ready");
        CompletableFuture<Throwable> error = new CompletableFuture<>();
        CompletableFuture<CloseEvent> end = new CompletableFuture<>();
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> peer[0].greet(socket));
                WebSocketClient client = client()) {
            peer[0] = server;
            WebSocket webSocket = get(client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    throw thrown;
                }

                @Override
                public void onError(WebSocket webSocket, Throwable failure) {
                    error.complete(failure);
                }

                @Override
                public void onClose(WebSocket webSocket, CloseEvent event) {
                    end.complete(event);
                }
            }));
            assertSame(thrown, get(error).getCause());
            assertEquals(CloseCode.INTERNAL_ERROR, get(end).code());
            assertSame(get(error), get(end).cause());
            assertEquals(ReadyState.CLOSED, webSocket.readyState());
        }
    }
}
