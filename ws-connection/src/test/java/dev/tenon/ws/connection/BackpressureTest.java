package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The results and notifications of sends: queued, congested, refused, writable again, and the completion of a send. */
class BackpressureTest {
    private static final ConnectionOptions SMALL = ConnectionOptions.DEFAULT.withOutbound(100, 1000);

    @ParameterizedTest
    @EnumSource
    void resultsFollowWhatWaits(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 100;
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.text("a")));
        rig.wire.backlog = 101;
        assertEquals(SendResult.CONGESTED, rig.webSocket.trySend(Message.text("b")));
        rig.wire.backlog = 1000;
        assertEquals(SendResult.CONGESTED, rig.webSocket.trySend(Message.text("")));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("c")));
        rig.assertSent("FIN TEXT a", "FIN TEXT b", "FIN TEXT");
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedBufferIsLeftAsItWas(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 1000;
        ByteBuffer data = Bytes.buffer("00010203").position(1);
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.binary(data)));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.piece(MessageType.BINARY, data, false)));
        assertEquals(SendResult.REFUSED, rig.webSocket.sendPing(data));
        assertEquals(SendResult.REFUSED, rig.webSocket.sendPong(data));
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(PreparedMessage.binary(data.duplicate())));
        assertEquals(1, data.position());
        rig.wire.backlog = 0;
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.text("no message is under way")));
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsNeverRefusedWhileNothingWaits(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.binary(ByteBuffer.allocate(5000))));
    }

    @ParameterizedTest
    @EnumSource
    void onWritableIsCalledOnceAfterARefusal(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.connection.writable();
        rig.assertEvents();
        rig.wire.backlog = 101;
        rig.webSocket.sendText("congested");
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.connection.writable();
        rig.assertEvents("writable");
        rig.wire.backlog = 1000;
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("refused")));
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertEvents("writable");
    }

    /** The wire may try to send at the end of an event only, so a send does not know yet how many bytes will wait. */
    @ParameterizedTest
    @EnumSource
    void onWritableIsCalledAfterIsWritableWasFalse(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.text("a")));
        rig.wire.backlog = 101;
        assertFalse(rig.webSocket.isWritable());
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertEvents("writable");
    }

    @ParameterizedTest
    @EnumSource
    void onWritableIsNotCalledAfterTheClose(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 101;
        rig.webSocket.sendText("congested");
        rig.webSocket.close();
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertEvents();
    }

    @ParameterizedTest
    @EnumSource
    void bufferedAmountIsThatOfTheWire(Role role) {
        Rig rig = Rig.open(role);
        rig.wire.backlog = 77;
        assertEquals(77, rig.webSocket.bufferedAmount());
    }

    @ParameterizedTest
    @EnumSource
    void thePeersPongsAreNotRefused(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 1;
        rig.receive(rig.ping("01"));
        rig.assertSent("FIN PONG 01");
    }

    /** A sender that waits for {@code whenSent} may keep the backlog above zero all the time. */
    @ParameterizedTest
    @EnumSource
    void aPongThatWaitsLeavesAsSoonAsLittleWaits(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 101;
        rig.receive(rig.ping("01"));
        rig.connection.flushed();
        rig.assertSent();
        rig.wire.backlog = 100;
        rig.connection.flushed();
        rig.assertSent("FIN PONG 01");
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void aPongThatWaitsDoesNotFollowTheClose(Role role) {
        Rig rig = Rig.of(role).options(SMALL).open();
        rig.wire.backlog = 101;
        rig.receive(rig.ping("01"));
        rig.webSocket.close();
        rig.assertSent("FIN CLOSE 03e8");
        rig.wire.backlog = 0;
        rig.connection.flushed();
        rig.assertSent();
    }

    // whenSent

    /** Bytes that an abort drops have not left, although none wait any more. */
    @ParameterizedTest
    @EnumSource
    void anAbortedSendHasNotLeft(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendText("x");
        CompletableFuture<Void> before = rig.webSocket.whenSent().toCompletableFuture();
        rig.webSocket.abort();
        rig.connection.flushed();
        CompletableFuture<Void> after = rig.webSocket.whenSent().toCompletableFuture();
        rig.connection.flushed();
        for (CompletableFuture<Void> sent : List.of(before, after)) {
            assertTrue(sent.isDone());
            Throwable cause =
                    assertThrows(CompletionException.class, sent::join).getCause();
            assertEquals(
                    "the connection has ended", Objects.requireNonNull(cause).getMessage());
        }
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
    }

    @ParameterizedTest
    @EnumSource
    void completionFollowsThePositionInTheStream(Role role) {
        Rig rig = Rig.open(role);
        List<String> done = new ArrayList<>();
        rig.webSocket.sendText("one");
        rig.webSocket.whenSent().thenRun(() -> done.add("one"));
        rig.webSocket.sendText("two");
        rig.webSocket.whenSent().thenRun(() -> done.add("two"));
        rig.webSocket.whenSent().thenRun(() -> done.add("two again"));
        assertEquals(List.of(), done);
        rig.wire.takeWritten();
        long two = role == Role.CLIENT ? 9 : 5;
        rig.wire.backlog = two + 1;
        rig.connection.flushed();
        assertEquals(List.of(), done);
        rig.wire.backlog = two;
        rig.connection.flushed();
        assertEquals(List.of("one"), done);
        rig.wire.backlog = 0;
        rig.connection.flushed();
        assertEquals(List.of("one", "two", "two again"), done);
    }

    @ParameterizedTest
    @EnumSource
    void aSendThatHasLeftIsCompleteAtOnce(Role role) {
        Rig rig = Rig.open(role);
        CompletableFuture<Void> nothingSent = rig.webSocket.whenSent().toCompletableFuture();
        assertTrue(nothingSent.isDone());
        rig.webSocket.sendText("x");
        assertFalse(rig.webSocket.whenSent().toCompletableFuture().isDone());
        rig.connection.flushed();
        assertTrue(rig.webSocket.whenSent().toCompletableFuture().isDone());
    }

    @Test
    void largeAndPreparedMessagesCountInFull() {
        Rig rig = Rig.open(Role.SERVER);
        rig.webSocket.sendBinary(ByteBuffer.allocate(70_000));
        rig.webSocket.send(PreparedMessage.binary(ByteBuffer.allocate(70_000)));
        CompletableFuture<Void> sent = rig.webSocket.whenSent().toCompletableFuture();
        rig.wire.takeWritten();
        assertEquals(2 * (70_000 + 10 + 4), rig.wire.written, "two frames each");
        rig.wire.backlog = 1;
        rig.connection.flushed();
        assertFalse(sent.isDone());
        rig.wire.backlog = 0;
        rig.connection.flushed();
        assertTrue(sent.isDone());
    }

    @ParameterizedTest
    @EnumSource
    void aSendThatHasNotLeftAtTheEndFails(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendText("x");
        CompletableFuture<Void> sent = rig.webSocket.whenSent().toCompletableFuture();
        IOException reset = new IOException("reset");
        rig.connection.ended(reset);
        CompletionException failure = assertThrows(CompletionException.class, sent::join);
        Throwable cause = Objects.requireNonNull(failure.getCause());
        assertEquals("the connection has ended", cause.getMessage());
        assertEquals(reset, cause.getCause());
        assertThrows(
                CompletionException.class,
                () -> rig.webSocket.whenSent().toCompletableFuture().join());
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionMaySendAndWaitAgain(Role role) {
        Rig rig = Rig.open(role);
        List<String> done = new ArrayList<>();
        rig.webSocket.sendText("one");
        rig.webSocket.whenSent().thenRun(() -> {
            rig.webSocket.sendText("two");
            rig.webSocket.whenSent().thenRun(() -> done.add("two"));
        });
        rig.connection.flushed();
        assertEquals(List.of(), done);
        rig.connection.flushed();
        assertEquals(List.of("two"), done);
        rig.assertSent("FIN TEXT one", "FIN TEXT two");
    }
}
