package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The result of each way to send when there is no room, and how the sender is notified. */
class SendFormsTest {
    private static final ConnectionOptions SMALL = ConnectionOptions.DEFAULT.withOutbound(100, 1_000);

    @ParameterizedTest
    @EnumSource
    void aPlainSendWithoutRoomEndsTheConnectionAndReportsWhy(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 1_000;
        rig.webSocket.sendText("x");
        rig.assertSent("FIN CLOSE 03f5", "<shutdownOutput>");
        assertInstanceOf(IOException.class, rig.listener.error());
        rig.webSocket.sendText("y");
        rig.assertSent();
        rig.ends();
        assertEquals(1013, rig.listener.closed().code().value());
        assertEquals(rig.listener.error(), rig.listener.closed().cause());
    }

    @ParameterizedTest
    @EnumSource
    void aSendThatReportsLeavesTheMessageAsItWas(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 1_000;
        ByteBuffer data = Bytes.buffer("0102");
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.binary(data)));
        assertEquals(2, data.remaining());
        assertFalse(rig.webSocket.isWritable());
        rig.wire.backlog = 0;
        assertTrue(rig.webSocket.isWritable());
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.binary(data)));
        assertEquals(0, data.remaining());
        rig.assertSent("FIN BINARY 0102");
    }

    @ParameterizedTest
    @EnumSource
    void aSendWithACompletionCompletesWhenItHasLeft(Role role) {
        Rig rig = Rig.open(role);
        CompletableFuture<Void> first =
                rig.webSocket.sendAsync(Message.text("one")).toCompletableFuture();
        assertFalse(first.isDone());
        rig.wire.written = 0;
        rig.connection.flushed();
        assertTrue(first.isDone());
        assertFalse(first.isCompletedExceptionally());
    }

    @ParameterizedTest
    @EnumSource
    void theCompletionOfARefusedOrLostMessageFails(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 1_000;
        assertTrue(rig.webSocket
                .sendAsync(Message.text("refused"))
                .toCompletableFuture()
                .isCompletedExceptionally());
        rig.wire.backlog = 10;
        CompletableFuture<Void> lost =
                rig.webSocket.sendAsync(Message.text("lost")).toCompletableFuture();
        assertFalse(lost.isDone());
        rig.connection.ended(new IOException("reset"));
        assertTrue(lost.isCompletedExceptionally());
    }

    /** The write has failed, and the transport has not reported that yet. */
    @ParameterizedTest
    @EnumSource
    void bytesThatABrokenWireHasNotWrittenHaveNotLeft(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendText("x");
        CompletableFuture<Void> sent = rig.webSocket.whenSent().toCompletableFuture();
        rig.webSocket.close();
        rig.wire.broken = true;
        rig.connection.flushed();
        assertFalse(sent.isDone());
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("y")));
        rig.connection.ended(new IOException("reset"));
        assertTrue(sent.isCompletedExceptionally());
    }

    @Test
    void theThreadOfTheConnectionDoesNotWaitForItself() {
        Rig rig = Rig.open(Role.SERVER);
        assertThrows(IllegalStateException.class, () -> rig.webSocket.sendBlocking(Message.text("x")));
    }

    @ParameterizedTest
    @EnumSource
    void textMayBeSentAndReceivedAsUtf8(Role role) {
        List<String> texts = new ArrayList<>();
        final class Bytewise extends RecordingListener implements Utf8Listener {
            @Override
            public void onText(WebSocket webSocket, ByteBuffer utf8) {
                texts.add(java.nio.charset.StandardCharsets.UTF_8.decode(utf8).toString());
            }
        }
        Rig rig = Rig.of(role).listener(new Bytewise()).open();
        rig.webSocket.sendText(ByteBuffer.wrap(Bytes.utf8("é")));
        rig.webSocket.send(Message.text(ByteBuffer.wrap(Bytes.utf8("ü"))));
        rig.webSocket.send(PreparedMessage.text(ByteBuffer.wrap(Bytes.utf8("ö"))));
        rig.assertSent("FIN TEXT é", "FIN TEXT ü", "FIN TEXT ö");
        rig.receive(rig.text("é"), rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        rig.receive(rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("b")), rig.binary("00"));
        assertEquals(List.of("é", "ab"), texts);
        rig.assertEvents("binary 00");
        rig.receive(rig.frame(0x81, new byte[] {(byte) 0xFF}));
        rig.failsWith(1007);
    }

    @ParameterizedTest
    @EnumSource
    void theEndComesEvenIfHeldMessagesAreNeverRequested(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(0)).open();
        rig.receive(rig.text("held"));
        rig.webSocket.close();
        rig.receive(rig.close("03e8"));
        rig.ends();
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseAfterTheEndIsEnoughForIt(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(0)).open();
        rig.receive(rig.text("held"), rig.close("03e8"));
        rig.ends();
        rig.assertEvents();
        rig.webSocket.close();
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseThatTheEndOvertakesIsEnoughForIt(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(0)).open();
        rig.receive(rig.text("held"));
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false);
        rig.webSocket.sendText("waits");
        rig.webSocket.close();
        rig.connection.ended(new IOException("reset"));
        rig.assertEvents("close 1006");
    }

    @ParameterizedTest
    @EnumSource
    void aPongLeavesAfterTheCurrentFragment(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withFragmentLength(10).withOutbound(100, 10_000))
                .open();
        rig.wire.backlog = 101;
        rig.webSocket.sendBinary(ByteBuffer.allocate(35));
        CompletableFuture<Void> sent = rig.webSocket.whenSent().toCompletableFuture();
        rig.webSocket.sendPing(Bytes.buffer("07"));
        rig.receive(rig.ping("01"));
        rig.assertSent("FIN PING 07");
        rig.wire.backlog = 100;
        rig.connection.flushed();
        rig.assertSent(
                "FIN PONG 01",
                "BINARY 00000000000000000000",
                "CONTINUATION 00000000000000000000",
                "CONTINUATION 00000000000000000000",
                "FIN CONTINUATION 0000000000");
        assertFalse(sent.isDone());
        rig.wire.backlog = 0;
        rig.connection.flushed();
        assertTrue(sent.isDone());
    }

    @Test
    void aCloseAndTheEndWaitForEarlierFragments() {
        Rig rig = Rig.of(Role.SERVER)
                .options(ConnectionOptions.DEFAULT.withFragmentLength(10).withOutbound(100, 10_000))
                .open();
        rig.wire.backlog = 101;
        rig.webSocket.sendBinary(ByteBuffer.allocate(15));
        rig.receive(rig.close("03e8"));
        rig.assertSent();
        assertTrue(rig.webSocket.bufferedAmount() > 101 + 15);
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent("BINARY 00000000000000000000", "FIN CONTINUATION 0000000000", "FIN CLOSE 03e8", "<finish>");
    }

    @ParameterizedTest
    @EnumSource
    void aWebSocketHasItsRequestAndItsCounters(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.text("a"), rig.frame(false, Opcode.TEXT, Bytes.utf8("b")));
        rig.webSocket.sendText("c");
        TrafficCounters counters = rig.webSocket.counters();
        assertEquals(1, counters.messagesReceived());
        assertEquals(1, counters.messagesSent());
        int mask = role == Role.SERVER ? 4 : 0;
        assertEquals(2L * (3 + mask), counters.bytesReceived());
        assertEquals(role == Role.SERVER ? 3 : 7, counters.bytesSent());
        RequestInfo request = RequestInfo.of("wss://host:1/a/b?c=d");
        assertEquals("/a/b", request.path());
        assertEquals("c=d", request.query().orElseThrow());
        assertEquals("/", RequestInfo.of("ws://host").path());
        assertEquals("/", rig.webSocket.requestInfo().path());
    }
}
