package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The actions that a listener may perform inside its calls, and the consequences of its exceptions. */
class ListenerTest {
    private static final List<String> CALLS = List.of("open", "text", "binary", "ping", "pong", "writable");

    /** Causes the call of that name. */
    private static void provoke(Rig rig, String call) {
        switch (call) {
            case "open" -> rig.connection.open();
            case "text" -> rig.receive(rig.text("x"), rig.text("too late"));
            case "binary" -> rig.receive(rig.binary("00"), rig.text("too late"));
            case "ping" -> rig.receive(rig.ping("00"), rig.text("too late"));
            case "pong" -> rig.receive(rig.pong("00"), rig.text("too late"));
            case "writable" -> {
                rig.wire.backlog = 1 << 19;
                rig.webSocket.sendText("congested");
                rig.wire.backlog = 0;
                rig.connection.writable();
            }
            default -> throw new AssertionError(call);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfAListenerEndsItsConnectionWith1011(Role role) {
        for (Throwable thrown : new Throwable[] {
            new IllegalStateException("secret"),
            ExtensionViolation.of("x.not", CloseCode.PROTOCOL_ERROR, "not the peer's")
                    .toException(),
            new StackOverflowError("secret"),
            new Exception("checked, as other languages throw it"),
            new IOException("not the socket's")
        }) {
            for (String call : CALLS) {
                Rig rig = Rig.of(role).build();
                rig.listener.inside = (name, webSocket) -> {
                    if (name.equals(call)) {
                        ListenerTest.<RuntimeException>throwUnchecked(thrown);
                    }
                };
                provoke(rig, call);
                List<String> sent = rig.wire.takeWritten();
                assertEquals(
                        List.of("FIN CLOSE 03f3", "<shutdownOutput>"),
                        sent.subList(sent.size() - 2, sent.size()),
                        "and no word on what was thrown");
                assertSame(thrown, Objects.requireNonNull(rig.listener.error()).getCause());
                rig.ends();
                assertSame(rig.listener.error(), rig.listener.closed().cause());
                assertEquals(1011, rig.listener.closed().code().value());
                List<String> events = rig.listener.takeEvents();
                assertEquals(
                        List.of("error " + thrown.getMessage(), "close 1011"),
                        events.subList(events.size() - 2, events.size()));
                assertFalse(events.contains("text too late"));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @ParameterizedTest
    @EnumSource
    void aStreamingListenerMayThrowToo(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener.Streaming()).open();
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("piece")) {
                throw new IllegalStateException("broken");
            }
        };
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")), rig.text("b"));
        rig.assertSent("FIN CLOSE 03f3", "<shutdownOutput>");
        rig.ends();
        rig.assertEvents("piece a", "error broken", "close 1011");
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfOnErrorIsSuppressed(Role role) {
        Rig rig = Rig.open(role);
        rig.listener.inside = (name, webSocket) -> {
            if (!name.equals("close")) {
                throw new IllegalStateException(name);
            }
        };
        rig.receive(rig.text("x"));
        rig.ends();
        rig.assertEvents("text x", "error text", "close 1011");
        assertEquals(
                "error",
                Objects.requireNonNull(rig.listener.error()).getSuppressed()[0].getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfOnCloseReachesTheTransportOnce(Role role) {
        Rig rig = Rig.open(role);
        rig.listener.inside = (name, webSocket) -> {
            throw new ExpectedException();
        };
        assertThrows(ExpectedException.class, () -> rig.connection.ended(null));
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
    }

    @Test
    void aCheckedExceptionOfOnCloseReachesTheTransportAsItsCause() {
        IOException thrown = new IOException("the file cannot be closed");
        Rig rig = Rig.of(Role.SERVER)
                .listener(new RecordingListener() {
                    @Override
                    public void onClose(WebSocket webSocket, CloseEvent event) {
                        ListenerTest.<RuntimeException>throwUnchecked(thrown);
                    }
                })
                .open();
        ListenerException events = assertThrows(ListenerException.class, () -> rig.connection.ended(null));
        assertSame(thrown, events.getCause());
    }

    /** An exception without a stack trace, which would look like a failure of the build. */
    private static final class ExpectedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExpectedException() {
            super("thrown by a test, on purpose", null, false, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unrequestedMessagesAreDroppedWhenAListenerThrows(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(1)).open();
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("ping")) {
                throw new IllegalStateException("broken");
            }
        };
        rig.receive(rig.text("one"), rig.text("two"), rig.ping(""));
        rig.ends();
        rig.assertEvents("text one", "ping", "error broken", "close 1011");
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsAfterTheEndChangesNothing(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(0)).open();
        rig.receive(rig.text("one"), rig.text("two"), rig.close("03e8"));
        rig.ends();
        rig.wire.takeWritten();
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("text")) {
                throw new IllegalStateException("broken");
            }
        };
        rig.webSocket.request(9);
        rig.assertEvents("text one", "error broken", "close 1000 clean");
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void anErrorInsideACallIsReportedAfterTheCall(Role role) {
        Rig rig = Rig.open(role);
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("text")) {
                rig.wire.failure = new IllegalStateException("the wire is broken");
                assertEquals(SendResult.REFUSED, webSocket.trySend(Message.text("torn")));
                assertNull(rig.listener.error(), "calls do not overlap");
            }
        };
        rig.receive(rig.text("x"), rig.text("too late"));
        rig.ends();
        rig.assertEvents("text x", "error the wire is broken", "close 1006");
        assertEquals(
                List.of(), List.of(Objects.requireNonNull(rig.listener.error()).getSuppressed()));
    }

    @ParameterizedTest
    @EnumSource
    void bytesAreNotReceivedWithinACall(Role role) {
        for (String call : CALLS) {
            Rig rig = Rig.of(role).build();
            List<String> tried = new ArrayList<>();
            rig.listener.inside = (name, webSocket) -> {
                if (name.equals(call)) {
                    ByteBuffer bytes = ByteBuffer.wrap(rig.ping("01"));
                    assertThrows(IllegalStateException.class, () -> rig.connection.receive(bytes));
                    tried.add(name);
                }
            };
            provoke(rig, call);
            rig.ends();
            assertEquals(List.of(call), tried.subList(0, 1));
            assertNull(rig.listener.error());
        }
    }

    /** The buffer belongs to the transport, whose previous user may have changed its byte order. */
    @ParameterizedTest
    @EnumSource
    void everyPayloadComesInBigEndianOrder(Role role) {
        List<ByteOrder> orders = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        RecordingListener listener = new RecordingListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                note(data);
            }

            @Override
            public void onPing(WebSocket webSocket, ByteBuffer payload) {
                note(payload);
            }

            @Override
            public void onPong(WebSocket webSocket, ByteBuffer payload) {
                note(payload);
            }

            private void note(ByteBuffer payload) {
                orders.add(payload.order());
                buffers.add(payload.order(ByteOrder.LITTLE_ENDIAN));
            }
        };
        Rig rig = Rig.of(role).listener(listener).open();
        byte[] frames =
                Bytes.concat(rig.binary("0001"), rig.ping("0001"), rig.pong("0001"), rig.binary("0001"), rig.ping(""));
        ByteBuffer input = ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN);
        rig.connection.receive(input);
        assertEquals(Collections.nCopies(5, ByteOrder.BIG_ENDIAN), orders);
        assertSame(input, buffers.get(0));
        assertEquals(ByteOrder.LITTLE_ENDIAN, input.order(), "the caller's own choice");
    }

    // Calls from within calls

    @ParameterizedTest
    @ValueSource(strings = {"send", "close", "abort", "request", "whenSent", "ping"})
    void anythingMayBeCalledFromWithinAnyCall(String what) {
        for (Role role : Role.values()) {
            for (String call : CALLS) {
                Rig rig = Rig.of(role).build();
                List<String> done = new ArrayList<>();
                rig.listener.inside = (name, webSocket) -> {
                    act(what, webSocket);
                    done.add(name);
                };
                provoke(rig, call);
                rig.ends();
                assertEquals("close", done.get(done.size() - 1), () -> what + " in " + call + ": " + rig.listener.log);
                assertNull(rig.listener.error());
            }
        }
    }

    private static void act(String what, WebSocket webSocket) {
        switch (what) {
            case "send" -> webSocket.sendText("from within");
            case "close" -> webSocket.close(new CloseCode(4000), "from within");
            case "abort" -> webSocket.abort();
            case "request" -> webSocket.request(1);
            case "whenSent" -> webSocket.whenSent();
            default -> webSocket.sendPing(ByteBuffer.allocate(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterAnAbortInsideACallThereAreNoFurtherCalls(Role role) {
        Rig rig = Rig.open(role);
        rig.listener.inside = (name, webSocket) -> webSocket.abort();
        rig.receive(rig.text("one"), rig.text("two"), rig.ping(""));
        rig.ends();
        rig.assertEvents("text one", "close 1006");
        rig.assertSent("<abort>", "<finish>");
    }

    @ParameterizedTest
    @EnumSource
    void afterACloseFromWithinMessagesStillCome(Role role) {
        Rig rig = Rig.open(role);
        rig.listener.inside = (name, webSocket) -> webSocket.close();
        rig.receive(rig.text("one"), rig.text("two"), rig.close("03e8"));
        rig.ends();
        rig.assertEvents("text one", "text two", "close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void theListenerIsGivenTheWebSocketOfTheConnection(Role role) {
        Rig rig = Rig.of(role).build();
        List<WebSocket> seen = new ArrayList<>();
        rig.listener.inside = (name, webSocket) -> seen.add(webSocket);
        rig.connection.open();
        rig.receive(rig.text("x"), rig.ping(""));
        rig.ends();
        assertEquals(List.of(rig.webSocket, rig.webSocket, rig.webSocket, rig.webSocket), seen);
    }

    @Test
    void bytesAreNotGivenWhileOthersAreBeingReceived() {
        Rig rig = Rig.open(Role.SERVER);
        rig.listener.inside = (name, webSocket) ->
                assertThrows(IllegalStateException.class, () -> rig.connection.receive(ByteBuffer.allocate(0)));
        rig.receive(rig.text("x"));
        rig.assertEvents("text x");
        rig.assertSent();
    }

    @Test
    void aListenerNeedNotDoAnything() {
        for (WebSocketListener idle : new WebSocketListener[] {
            new WebSocketListener() {}, (StreamingListener) (webSocket, type, piece, last) -> {}
        }) {
            Rig client = Rig.open(Role.SERVER);
            RecordingWire wire = new RecordingWire(Role.SERVER);
            Connection connection = new Connection(
                    Role.SERVER,
                    ConnectionOptions.DEFAULT,
                    new Upgrade("ws://example.test/chat", "v1", List.of()),
                    wire,
                    new ThreadContext(),
                    idle);
            connection.open();
            connection.receive(ByteBuffer.wrap(client.text("x")));
            connection.receive(ByteBuffer.wrap(client.binary("00")));
            connection.receive(ByteBuffer.wrap(client.ping("01")));
            connection.receive(ByteBuffer.wrap(client.pong("02")));
            connection.receive(ByteBuffer.wrap(client.close("03e8")));
            connection.ended(null);
            assertEquals(List.of("FIN PONG 01", "FIN CLOSE 03e8", "<finish>"), wire.takeWritten());
            assertEquals("ws://example.test/chat", connection.webSocket().url());
            assertEquals("v1", connection.webSocket().subprotocol());
            assertEquals(List.of(), connection.webSocket().extensions());
        }
    }
}
