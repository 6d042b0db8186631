package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other threads call a connection that runs on its own thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {
    private final LoopThread loop = new LoopThread();
    private final Rig rig = loop.call(() -> Rig.of(Role.SERVER).on(loop).open());
    private final WebSocket webSocket = rig.webSocket;

    @AfterEach
    void stop() {
        loop.close();
    }

    private List<String> sent() {
        return loop.call(() -> rig.wire.takeWritten());
    }

    @Test
    void sendsOfTheLoopDoNotOvertakeEarlierOnes() throws Exception {
        loop.run(() -> {
            CompletableFuture.runAsync(() -> webSocket.sendText("first")).join();
            webSocket.sendText("second");
            CompletableFuture.runAsync(() -> webSocket.sendText("third")).join();
            webSocket.close();
        });
        assertEquals(List.of("FIN TEXT first", "FIN TEXT second", "FIN TEXT third", "FIN CLOSE 03e8"), sent());
    }

    @Test
    void aMessageOfAnotherThreadWaitsForTheOneInPieces() {
        loop.run(() -> webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false));
        webSocket.sendText("whole");
        webSocket.sendPing(Bytes.buffer("01"));
        loop.run(() -> {});
        webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("62"), true);
        loop.run(() -> {});
        assertEquals(List.of("TEXT a", "FIN PING 01", "FIN CONTINUATION 62", "FIN TEXT whole"), sent());
    }

    @Test
    void onWritableIsCalledAfterIsWritableWasFalseOnAnotherThread() throws Exception {
        loop.run(() -> rig.wire.backlog = 70_000);
        assertFalse(webSocket.isWritable());
        loop.run(() -> {
            rig.wire.backlog = 0;
            rig.connection.writable();
        });
        loop.run(() -> rig.assertEvents("writable"));
    }

    /** Otherwise the message could never end, and messages that wait for its end would never leave. */
    @Test
    void theNextPieceDoesNotWaitForWhatWaitsForTheEndOfItsMessage() throws Exception {
        loop.run(() -> webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false));
        while (webSocket.trySend(Message.text("x".repeat(100_000))) != SendResult.REFUSED) {
            loop.run(() -> {});
        }
        assertFalse(webSocket.isWritable());
        assertTrue(loop.call(webSocket::isWritable), "there is room for the next piece");
        CompletableFuture<Void> writable = new CompletableFuture<>();
        loop.run(() -> rig.listener.inside = (name, from) -> {
            if (name.equals("writable")) {
                writable.complete(null);
            }
        });
        webSocket.sendBlocking(Message.piece(MessageType.TEXT, Bytes.buffer("62"), false));
        assertEquals(SendResult.QUEUED, webSocket.trySend(Message.piece(MessageType.TEXT, Bytes.buffer("63"), false)));
        assertFalse(writable.isDone(), "there is no room for the others");
        webSocket.sendBlocking(Message.piece(MessageType.TEXT, Bytes.buffer("64"), true));
        writable.get(30, TimeUnit.SECONDS);
        List<String> sent = sent();
        assertEquals(
                List.of("TEXT a", "CONTINUATION 62", "CONTINUATION 63", "FIN CONTINUATION 64"), sent.subList(0, 4));
        assertEquals(0, webSocket.bufferedAmount());
    }

    private void aCloseWaitsForTheEndOfAMessage() {
        loop.run(() -> webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("61"), false));
        webSocket.sendText("one");
        webSocket.close();
        loop.run(() -> {});
    }

    @Test
    void aRefusedPieceEndsTheConnectionAlsoWhileACloseWaits() {
        aCloseWaitsForTheEndOfAMessage();
        loop.run(() -> rig.wire.backlog = ConnectionOptions.DEFAULT.outboundLimit());
        webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("62"), false);
        loop.run(() -> rig.wire.backlog = 0);
        webSocket.sendPiece(MessageType.TEXT, Bytes.buffer("63"), true);
        loop.run(() -> {});
        assertEquals(List.of("TEXT a", "FIN CLOSE 03f5", "<shutdownOutput>"), sent());
    }

    @Test
    void aBlockingSendOfAPieceEndsItsMessageWhileACloseWaits() throws Exception {
        aCloseWaitsForTheEndOfAMessage();
        assertThrows(IOException.class, () -> webSocket.sendBlocking(Message.text("late")));
        webSocket.sendBlocking(Message.piece(MessageType.TEXT, Bytes.buffer("62"), true));
        loop.run(() -> {});
        assertEquals(List.of("TEXT a", "FIN CONTINUATION 62", "FIN TEXT one", "FIN CLOSE 03e8"), sent());
    }

    /** A connection whose listener has not requested a message that has arrived. */
    private Rig withHeldMessage() {
        return loop.call(() -> Rig.of(Role.SERVER)
                .on(loop)
                .listener(new RecordingListener(0))
                .open()
                .receive(rig.text("held")));
    }

    @Test
    void aCloseThatTheEndOvertakesDropsHeldMessages() {
        Rig held = withHeldMessage();
        loop.run(() -> {
            CompletableFuture.runAsync(held.webSocket::close).join();
            held.connection.ended(new IOException("reset"));
        });
        assertTrue(loop.call(held.listener::isClosed));
    }

    /** The connection fails because a send is refused. */
    @Test
    void aCloseAfterAFailureDropsHeldMessages() {
        for (boolean beforeTheEnd : new boolean[] {true, false}) {
            Rig held = withHeldMessage();
            CompletableFuture<Void> gate = loop.block();
            for (int i = 0; i < 10; i++) {
                held.webSocket.sendBinary(ByteBuffer.allocate(200_000));
            }
            gate.complete(null);
            Runnable end = () -> held.connection.ended(null);
            if (beforeTheEnd) {
                held.webSocket.close();
                loop.run(end);
            } else {
                loop.run(end);
                assertFalse(loop.call(held.listener::isClosed));
                held.webSocket.close();
            }
            assertTrue(loop.call(held.listener::isClosed));
        }
    }

    @Test
    void theNumberOfWaitingBytesIsExact() {
        CompletableFuture<Void> gate = loop.block();
        String text = "a".repeat(200_000);
        for (int i = 0; i < 5; i++) {
            assertFalse(webSocket.trySend(Message.text(text)) == SendResult.REFUSED);
        }
        assertEquals(5L * (200_010 + Mail.OVERHEAD), webSocket.bufferedAmount());
        assertEquals(SendResult.REFUSED, webSocket.trySend(Message.text(text)));
        gate.complete(null);
        loop.run(() -> {});
        assertEquals(0, webSocket.bufferedAmount());
    }

    @Test
    void aPlainSendWithoutRoomEndsTheConnection() {
        CompletableFuture<Void> gate = loop.block();
        for (int i = 0; i < 10; i++) {
            webSocket.sendBinary(ByteBuffer.allocate(200_000));
        }
        assertEquals(ReadyState.CLOSING, webSocket.readyState());
        gate.complete(null);
        loop.run(() -> {});
        List<String> sent = sent();
        assertEquals(
                List.of("FIN CLOSE 03f5", "<shutdownOutput>"), sent.subList(5 * 4, sent.size()), "five of 4 frames");
    }

    @Test
    void everySenderOfALostMessageIsNotified() {
        CompletableFuture<Void> gate = loop.block();
        CompletableFuture<Void> sent = webSocket.sendAsync(Message.text("lost")).toCompletableFuture();
        loop.execute(() -> {});
        webSocket.abort();
        gate.complete(null);
        loop.run(() -> rig.connection.ended(null));
        assertTrue(sent.isDone());
        assertThrows(RejectedExecutionException.class, () -> {
            loop.close();
            loop.execute(() -> {});
        });
        assertEquals(SendResult.REFUSED, webSocket.trySend(Message.text("late")));
    }

    @Test
    void aBlockingSendWaitsForRoom() throws Exception {
        loop.run(() -> rig.wire.backlog = 100_000);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try {
                webSocket.sendBlocking(Message.text("patient"));
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
        assertEquals(List.of(), sent());
        assertFalse(sender.isDone());
        loop.run(() -> {
            rig.wire.backlog = 0;
            rig.connection.writable();
        });
        sender.get(30, TimeUnit.SECONDS);
        assertEquals(List.of("FIN TEXT patient"), sent());
    }

    @Test
    void aBlockingSendEndsWithTheConnection() {
        loop.run(() -> rig.wire.backlog = 100_000);
        CompletableFuture<Void> sender = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                webSocket.sendBlocking(Message.text("never"));
                sender.complete(null);
            } catch (IOException | InterruptedException failed) {
                sender.completeExceptionally(failed);
            }
        });
        thread.start();
        sent();
        loop.run(() -> rig.connection.ended(new IOException("reset")));
        ExecutionException failed = assertThrows(ExecutionException.class, () -> sender.get(30, TimeUnit.SECONDS));
        assertTrue(failed.getCause() instanceof IOException);
    }

    /** The last waiting call may complete only after all others. */
    @Test
    void aWaitForRoomAfterTheEndFailsAtOnce() throws Exception {
        CompletableFuture<Void> room = new CompletableFuture<>();
        loop.run(() -> {
            rig.wire.backlog = 100_000;
            rig.connection.ended(new IOException("reset"));
            rig.connection.outbound().whenWritable(room);
        });
        assertTrue(room.isCompletedExceptionally());
    }

    /** Each completion is a task of its own, so that a task of another connection can run between two. */
    @Test
    void aChainOfCompletionsDoesNotDelayOtherConnections() throws Exception {
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        int[] links = {0};
        loop.run(() -> {
            next(links, seen);
            loop.execute(() -> loop.execute(() -> loop.execute(() -> seen.complete(links[0]))));
        });
        assertTrue(seen.get(30, TimeUnit.SECONDS) <= 5, () -> "the chain has run on to " + links[0]);
    }

    private void next(int[] links, CompletableFuture<Integer> seen) {
        links[0]++;
        if (!seen.isDone() && links[0] < 100_000) {
            webSocket.sendText("x");
            webSocket.whenSent().thenRun(() -> next(links, seen));
        }
    }
}
