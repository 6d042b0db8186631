package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The closing handshake (RFC 6455 §5.5.1, §7) in every order. */
class CloseTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aServerAnswersACloseAndEndsTheTransport() {
        Rig rig = Rig.open(Role.SERVER);
        rig.receive(rig.close("03e9 627965"));
        rig.assertSent("FIN CLOSE 03e9627965", "<finish>");
        assertEquals(ReadyState.CLOSING, rig.webSocket.readyState());
        rig.assertEvents();
        rig.connection.ended(null);
        rig.assertEvents("close 1001 clean \"bye\"");
        assertEquals(ReadyState.CLOSED, rig.webSocket.readyState());
        assertNull(rig.listener.closed().cause());
    }

    @Test
    void aClientAnswersACloseAndWaitsForTheEnd() {
        Rig rig = Rig.open(Role.CLIENT);
        rig.receive(rig.close("03e8"));
        rig.assertSent("FIN CLOSE 03e8");
        rig.connection.endOfInput();
        rig.assertSent("<finish>");
        rig.connection.ended(null);
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseWithoutACodeIsAnsweredWithoutOne(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.close(""));
        assertEquals("FIN CLOSE", rig.wire.takeWritten().get(0));
        rig.ends();
        rig.assertEvents("close 1005 clean");
    }

    @ParameterizedTest
    @EnumSource
    void thisEndClosesFirst(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close(new CloseCode(4000), "enough");
        rig.assertSent("FIN CLOSE" + ControlFrameTest.closePayload(4000, "enough"));
        assertEquals(ReadyState.CLOSING, rig.webSocket.readyState());
        rig.receive(rig.text("still counts"), rig.close("03e8"));
        rig.assertSent(role == Role.SERVER ? new String[] {"<finish>"} : new String[] {});
        rig.ends();
        rig.assertEvents("text still counts", "close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void bothCloseAtOnce(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close(CloseCode.GOING_AWAY, "");
        rig.receive(rig.close("0fa0"));
        rig.webSocket.close();
        assertEquals("FIN CLOSE 03e9", rig.wire.takeWritten().get(0));
        rig.ends();
        rig.assertEvents("close 4000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseMayHoldNoCode(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close(CloseCode.NO_STATUS_RECEIVED, "");
        rig.assertSent("FIN CLOSE");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseFrameMayBeInsideAMessage(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("begun")), rig.close("03e8"));
        rig.ends();
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsCountedAfterTheClose(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.close("03e8"), rig.text("too late"), rig.close("03e9"), new byte[] {(byte) 0xFF, 1, 2});
        rig.receive(rig.ping("01"));
        assertTrue(rig.connection.isReadyForInput(), "the end is still to be read");
        rig.ends();
        rig.receive(rig.text("later still"));
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithoutACloseIs1006(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.text("one"));
        rig.connection.endOfInput();
        rig.assertSent("<finish>");
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("no")));
        rig.assertEvents("text one");
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
        assertNull(rig.listener.closed().cause());
    }

    @ParameterizedTest
    @EnumSource
    void anEndInAnswerToACloseIs1006Too(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close();
        rig.ends();
        rig.assertEvents("close 1006");
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenTransportIs1006WithItsCause(Role role) {
        Rig rig = Rig.open(role);
        IOException reset = new IOException("reset");
        rig.connection.ended(reset);
        rig.assertEvents("close 1006");
        assertSame(reset, rig.listener.closed().cause());
    }

    @ParameterizedTest
    @EnumSource
    void aTransportThatBreaksAfterTheHandshakeLosesNothing(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.close("03e8"));
        rig.connection.ended(new IOException("reset"));
        rig.assertEvents("close 1000 clean");
        assertNull(rig.listener.closed().cause());
    }

    @ParameterizedTest
    @EnumSource
    void abortEndsAtOnce(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.abort();
        rig.assertSent("<abort>");
        rig.receive(rig.text("too late"));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("no")));
        rig.assertEvents();
        rig.connection.ended(new IOException("as a consequence"));
        rig.assertEvents("close 1006");
        assertNull(rig.listener.closed().cause());
    }

    @ParameterizedTest
    @EnumSource
    void onCloseIsCalledExactlyOnce(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close();
        rig.receive(rig.close("03e8"));
        rig.webSocket.abort();
        rig.connection.endOfInput();
        rig.connection.ended(null);
        rig.wire.takeWritten();
        rig.connection.ended(new IOException("again"));
        rig.connection.endOfInput();
        rig.connection.writable();
        rig.webSocket.abort();
        rig.webSocket.close();
        rig.webSocket.request(1);
        rig.connection.tick(0);
        rig.connection.tick(100 * SECOND);
        rig.receive(rig.text("x"));
        rig.assertEvents("close 1000 clean");
        rig.assertSent();
        assertEquals(Long.MAX_VALUE, rig.connection.nextDeadline());
    }

    @ParameterizedTest
    @CsvSource({
        "00, 1002",
        "03, 1002",
        "03e7, 1002",
        "03ec, 1002",
        "03ed, 1002",
        "03ee, 1002",
        "03f7, 1002",
        "03f8, 1002",
        "0bb7, 1002",
        "1388, 1002",
        "03e8 ff, 1007",
        "03e8 c3, 1007"
    })
    void aMalformedCloseFailsTheConnection(String payload, int code) {
        for (Role role : Role.values()) {
            Rig rig = Rig.open(role);
            rig.receive(rig.close(payload));
            rig.failsWith(code);
            assertInstanceOf(ProtocolException.class, rig.listener.closed().cause());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureAfterTheOwnCloseFrameSendsNoSecondCloseFrame(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close();
        rig.receive(rig.frame(0xF0, new byte[0]));
        rig.assertSent("FIN CLOSE 03e8", "<shutdownOutput>");
        rig.ends();
        rig.assertEvents("close 1002 \"an RSV bit is set that no negotiated extension owns\"");
        assertFalse(rig.listener.closed().wasClean());
    }

    @ParameterizedTest
    @EnumSource
    void messagesBeforeAFailureAreNotLost(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(0)).open();
        rig.receive(rig.text("one"), rig.binary("02"), rig.frame(0xF0, new byte[0]));
        rig.ends();
        rig.assertEvents();
        rig.webSocket.request(1);
        rig.assertEvents("text one");
        rig.webSocket.request(1);
        rig.assertEvents("binary 02", "close 1002 \"an RSV bit is set that no negotiated extension owns\"");
    }

    @ParameterizedTest
    @EnumSource
    void aLongReasonIsTheApplicationsMistake(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close(CloseCode.NORMAL_CLOSURE, "x".repeat(123));
        rig.assertSent("FIN CLOSE" + Bytes.show(false, Bytes.concat(Bytes.hex("03e8"), Bytes.utf8("x".repeat(123)))));
    }

    @ParameterizedTest
    @EnumSource
    void aTransportMayBeClosedInsideACall(Role role) {
        RecordingListener listener = new RecordingListener();
        Rig rig = Rig.of(role).listener(listener).open();
        listener.inside = (name, webSocket) -> {
            if (name.equals("text")) {
                webSocket.abort();
                rig.connection.ended(null);
                assertFalse(listener.isClosed(), "the call under way comes to its end first");
            }
        };
        rig.receive(rig.text("one"), rig.text("two"));
        rig.assertEvents("text one", "close 1006");
        ByteBuffer more = ByteBuffer.wrap(rig.text("three"));
        rig.connection.receive(more);
        assertEquals(0, more.remaining());
    }

    @ParameterizedTest
    @EnumSource
    void whenClosedCompletesBeforeOnClose(Role role) {
        Rig rig = Rig.open(role);
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        rig.connection.webSocket().whenClosed().thenAccept(event -> {
            assertEquals(List.of(), rig.listener.takeEvents());
            closed.complete(event);
        });
        rig.receive(rig.close("03e9"));
        assertFalse(closed.isDone());
        rig.ends();
        assertEquals(CloseCode.GOING_AWAY, closed.join().code());
        assertSame(closed.join(), rig.listener.closed());
        assertSame(
                closed.join(),
                rig.connection.webSocket().whenClosed().toCompletableFuture().getNow(null));
    }

    /** The peer has sent a Close frame, and this end has responded, but not all bytes have left. */
    @ParameterizedTest
    @EnumSource
    void aCleanEndReportsUnsentBytes(Role role) {
        for (int backlog : new int[] {0, 1}) {
            Rig rig = Rig.open(role);
            rig.webSocket.sendText("x");
            rig.wire.backlog = backlog;
            rig.receive(rig.close("03e8"));
            rig.connection.ended(null);
            CloseEvent event = rig.listener.closed();
            assertTrue(event.wasClean());
            String cause = event.cause() == null ? "" : event.cause().getMessage();
            assertEquals(backlog == 0 ? "" : "the connection was closed before all that was sent had left", cause);
        }
    }
}
