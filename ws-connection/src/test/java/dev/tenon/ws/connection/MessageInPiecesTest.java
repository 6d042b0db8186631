package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The frames that wait while a message is sent in pieces (RFC 6455 §5.4), and those that do not. */
class MessageInPiecesTest {
    private static void begins(Rig rig) {
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false);
        rig.assertSent("TEXT a");
    }

    private static void ends(Rig rig) {
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("62"), true);
    }

    @ParameterizedTest
    @EnumSource
    void otherMessagesWaitInTheirOrder(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        rig.webSocket.sendText("one");
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.binary(Bytes.buffer("02"))));
        rig.webSocket.send(PreparedMessage.text("three"));
        rig.assertSent();
        assertTrue(rig.webSocket.bufferedAmount() > 3 * Mail.OVERHEAD);
        ends(rig);
        rig.assertSent("FIN CONTINUATION 62", "FIN TEXT one", "FIN BINARY 02", "FIN TEXT three");
        assertEquals(0, rig.webSocket.bufferedAmount());
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesDoNotWait(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        rig.webSocket.sendText("later");
        rig.webSocket.sendPing(Bytes.buffer("01"));
        rig.receive(rig.ping("02"));
        rig.assertSent("FIN PING 01", "FIN PONG 02");
    }

    /** Otherwise the sender of the pieces would wait for messages that wait for its next piece. */
    @ParameterizedTest
    @EnumSource
    void messagesThatWaitTakeNoRoomFromTheNextPiece(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        assertEquals(SendResult.CONGESTED, rig.webSocket.trySend(Message.binary(ByteBuffer.allocate(70_000))));
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("63"), false);
        assertTrue(rig.webSocket.isWritable());
        rig.wire.backlog = ConnectionOptions.DEFAULT.highWaterMark() + 1;
        assertFalse(rig.webSocket.isWritable());
        rig.webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("64"), false);
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertEvents("writable");
    }

    @ParameterizedTest
    @EnumSource
    void aPieceOfTheOtherTypeBeginsTheNextMessage(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        rig.webSocket.sendPiece(MessageType.BINARY, Bytes.buffer("01"), false);
        rig.webSocket.sendText("behind both");
        rig.webSocket.sendPiece(MessageType.BINARY, Bytes.buffer("02"), true);
        rig.assertSent();
        ends(rig);
        rig.assertSent("FIN CONTINUATION 62", "BINARY 01", "FIN CONTINUATION 02", "FIN TEXT behind both");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseWaitsForEarlierMessages(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        rig.webSocket.sendText("one");
        rig.webSocket.close();
        assertEquals(ReadyState.CLOSING, rig.webSocket.readyState());
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("behind the close")));
        rig.assertSent();
        ends(rig);
        rig.assertSent("FIN CONTINUATION 62", "FIN TEXT one", "FIN CLOSE 03e8");
    }

    private static Rig withoutRoomWhileACloseWaits(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withOutbound(1_000, 2_000))
                .open();
        begins(rig);
        rig.webSocket.sendText("one");
        rig.webSocket.close();
        rig.wire.backlog = 2_000;
        return rig;
    }

    /** Otherwise the peer would get the message without this piece, and would not notice. */
    @ParameterizedTest
    @EnumSource
    void aRefusedPieceEndsTheConnectionAlsoWhileACloseWaits(Role role) {
        Rig rig = withoutRoomWhileACloseWaits(role);
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.allocate(100), false);
        rig.wire.backlog = 0;
        rig.connection.writable();
        ends(rig);
        rig.failsWith(1013);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedMessageAfterAWaitingCloseChangesNothing(Role role) {
        Rig rig = withoutRoomWhileACloseWaits(role);
        rig.webSocket.sendBinary(ByteBuffer.allocate(100));
        rig.wire.backlog = 0;
        rig.connection.writable();
        ends(rig);
        rig.assertSent("FIN CONTINUATION 62", "FIN TEXT one", "FIN CLOSE 03e8");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseDoesNotWaitForEverForAMessageThatNeverEnds(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withCloseTimeout(Duration.ofSeconds(5)))
                .open();
        rig.connection.tick(0);
        begins(rig);
        CompletableFuture<Void> sent =
                rig.webSocket.sendAsync(Message.text("one")).toCompletableFuture();
        rig.webSocket.sendText("two");
        rig.webSocket.close();
        rig.connection.tick(0);
        rig.connection.tick(4_999_999_999L);
        rig.assertSent();
        assertFalse(sent.isDone());
        rig.connection.tick(5_000_000_000L);
        rig.assertSent("FIN CLOSE 03e8");
        assertTrue(sent.isCompletedExceptionally());
        assertEquals(0, rig.webSocket.bufferedAmount());
        rig.receive(rig.close("03e8"));
        rig.ends();
        rig.assertEvents("close 1000 clean");
        assertEquals(
                "the connection was closed before 1 messages could be sent",
                Objects.requireNonNull(rig.listener.closed().cause()).getMessage());
    }

    /** Otherwise a transport that sleeps until its next deadline would send the Close frame too late. */
    @ParameterizedTest
    @EnumSource
    void theTransportLearnsOfTheDeadlineOfAWaitingClose(Role role) {
        Rig rig = Rig.open(role);
        rig.connection.tick(0);
        begins(rig);
        rig.webSocket.sendText("one");
        assertEquals(0, rig.wire.deadlineUpdates);
        rig.webSocket.close();
        assertEquals(1, rig.wire.deadlineUpdates);
        assertEquals(0, rig.connection.nextDeadline(), "the next tick starts the deadline");
    }

    @ParameterizedTest
    @EnumSource
    void thePeerHasTheSameTimeToAnswerIt(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withCloseTimeout(Duration.ofSeconds(5)))
                .open();
        rig.connection.tick(0);
        begins(rig);
        rig.webSocket.sendText("one");
        rig.webSocket.close();
        rig.connection.tick(0);
        rig.connection.tick(5_000_000_000L);
        rig.assertSent("FIN CLOSE 03e8");
        assertEquals(5_000_000_000L, rig.connection.nextDeadline());
        rig.connection.tick(5_000_000_000L);
        rig.connection.tick(9_999_999_999L);
        rig.assertSent();
        rig.connection.tick(10_000_000_000L);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseInsideAMessageDropsTheMessage(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        rig.webSocket.close(CloseCode.INTERNAL_ERROR, "");
        rig.assertSent("FIN CLOSE 03f3");
    }

    @ParameterizedTest
    @EnumSource
    void waitingSendsFailWhenTheMessageNeverEnds(Role role) {
        Rig rig = Rig.open(role);
        begins(rig);
        CompletableFuture<Void> sent =
                rig.webSocket.sendAsync(Message.text("one")).toCompletableFuture();
        CompletableFuture<Void> all = rig.webSocket.whenSent().toCompletableFuture();
        rig.connection.flushed();
        assertFalse(sent.isDone());
        assertFalse(all.isDone());
        rig.webSocket.sendText("two");
        rig.receive(rig.close("03e8"));
        rig.ends();
        assertTrue(sent.isCompletedExceptionally());
        assertTrue(all.isCompletedExceptionally());
        rig.assertEvents("close 1000 clean");
        assertEquals(
                "the connection was closed before 1 messages could be sent",
                Objects.requireNonNull(rig.listener.closed().cause()).getMessage());
    }

    @Test
    void theWaitingFramesAreLimited() {
        Rig rig = Rig.of(Role.SERVER)
                .options(ConnectionOptions.DEFAULT.withOutbound(1_000, 2_000))
                .open();
        begins(rig);
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.binary(ByteBuffer.allocate(900))));
        assertEquals(SendResult.CONGESTED, rig.webSocket.trySend(Message.binary(ByteBuffer.allocate(900))));
        assertTrue(rig.webSocket.bufferedAmount() > 1_000);
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.binary(ByteBuffer.allocate(900))));
        rig.assertEvents();
        ends(rig);
        assertTrue(rig.webSocket.isWritable());
        rig.assertEvents("writable");
    }
}
