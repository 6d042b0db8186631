package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The application's view of a {@link Connection}: the methods that send, and their results. */
final class ConnectionWebSocket extends CallRouter {
    ConnectionWebSocket(Connection connection, ConnectionExecutor executor) {
        super(connection, executor);
    }

    // Sends without a result

    @Override
    public void sendText(String text) {
        ByteBuffer bytes = Utf8.encode(text);
        orEnd(whole(MessageType.TEXT, bytes, true, SendMode.DEFAULT, null), false);
    }

    @Override
    public void sendText(ByteBuffer utf8) {
        orEnd(whole(MessageType.TEXT, utf8, false, SendMode.DEFAULT, null), false);
    }

    @Override
    public void sendBinary(ByteBuffer data) {
        orEnd(whole(MessageType.BINARY, data, false, SendMode.DEFAULT, null), false);
    }

    @Override
    public void sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        orEnd(piece(type, piece, last, false, SendMode.DEFAULT, null), true);
    }

    @Override
    public void send(Message message) {
        orEnd(dispatch(message, null), isPiece(message));
    }

    private void orEnd(SendResult result, boolean piece) {
        if (result == SendResult.REFUSED) {
            overflow(piece);
        }
    }

    // Sends with a result

    @Override
    public SendResult trySend(Message message) {
        return dispatch(message, null);
    }

    @Override
    public CompletionStage<@Nullable Void> sendAsync(Message message) {
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        if (dispatch(message, sent) == SendResult.REFUSED) {
            String reason = accepts(isPiece(message))
                    ? "too much waits to be sent already"
                    : "the connection is closing or closed";
            sent.completeExceptionally(new IOException(reason));
        }
        return sent.minimalCompletionStage();
    }

    @Override
    public void sendBlocking(Message message) throws IOException, InterruptedException {
        if (executor.isCurrentThread()) {
            throw new IllegalStateException(
                    "the connection's own thread must not wait for itself: call this on another thread");
        }
        while (true) {
            if (!accepts(isPiece(message))) {
                throw new IOException("the connection is closing or closed");
            }
            if (hasRoomFor(message) && dispatch(message, null) != SendResult.REFUSED) {
                return;
            }
            awaitRoomFor(message);
        }
    }

    private boolean hasRoomFor(Message message) {
        long waiting = isPiece(message) ? bufferedBefore(message.type()) : bufferedAmount();
        return waiting <= connection.options().highWaterMark();
    }

    private static boolean isPiece(Message message) {
        return message instanceof PlainMessage plain && plain.part() != PlainMessage.Part.WHOLE;
    }

    /**
     * Waits for room. The next piece of a message must not wait behind mails that wait for the end of the same message.
     */
    private void awaitRoomFor(Message message) throws IOException, InterruptedException {
        try {
            CompletableFuture<@Nullable Void> room = new CompletableFuture<>();
            Runnable await = () -> connection.outbound().whenWritable(room);
            mark(isPiece(message) ? Mail.pieceMark(message.type(), await, room) : Mail.mark(await, room), room);
            room.get();
        } catch (ExecutionException ended) {
            throw new IOException("the connection has ended", ended.getCause());
        }
    }

    private SendResult dispatch(Message message, @Nullable CompletableFuture<@Nullable Void> sent) {
        if (message instanceof PreparedMessage prepared) {
            return isDirect()
                    ? awaited(connection.outbound().prepared(prepared), sent)
                    : route(Mail.prepared(prepared, sent));
        }
        PlainMessage plain = (PlainMessage) message;
        ByteBuffer bytes = plain.toSend();
        return switch (plain.part()) {
            case WHOLE -> whole(plain.type(), bytes, plain.owned(), plain.mode(), sent);
            case PIECE -> piece(plain.type(), bytes, false, plain.owned(), plain.mode(), sent);
            case LAST_PIECE -> piece(plain.type(), bytes, true, plain.owned(), plain.mode(), sent);
        };
    }

    private SendResult whole(
            MessageType type,
            ByteBuffer bytes,
            boolean owned,
            SendMode mode,
            @Nullable CompletableFuture<@Nullable Void> sent) {
        if (isDirect()) {
            return awaited(connection.outbound().message(type, bytes, mode), sent);
        }
        return route(bytes, owned, Mail.Kind.WHOLE, type, mode, sent);
    }

    private SendResult piece(
            MessageType type,
            ByteBuffer bytes,
            boolean last,
            boolean owned,
            SendMode mode,
            @Nullable CompletableFuture<@Nullable Void> sent) {
        if (isFlushed() && connection.outbound().takesPiece(type)) {
            SendResult result = awaited(connection.outbound().piece(type, bytes, last, mode), sent);
            if (last) {
                messageEnded();
            }
            return result;
        }
        Mail.Kind kind = last ? Mail.Kind.LAST_PIECE : Mail.Kind.PIECE;
        return route(bytes, owned, kind, type, mode, sent);
    }

    /** Completes a future when the message that has just been accepted has left. */
    private SendResult awaited(SendResult result, @Nullable CompletableFuture<@Nullable Void> sent) {
        if (sent != null && result != SendResult.REFUSED) {
            whenSent(sent);
        }
        return result;
    }

    // Control frames

    @Override
    public SendResult sendPing(ByteBuffer payload) {
        Outbound.requireControlPayload(payload);
        return isFlushed()
                ? connection.outbound().ping(payload)
                : route(payload, Mail.control(Mail.Kind.PING, copy(payload)));
    }

    @Override
    public SendResult sendPong(ByteBuffer payload) {
        Outbound.requireControlPayload(payload);
        return isFlushed()
                ? connection.outbound().control(Opcode.PONG, payload)
                : route(payload, Mail.control(Mail.Kind.PONG, copy(payload)));
    }

    // The state of sending

    @Override
    public boolean isWritable() {
        if (!isOpen()) {
            return false;
        }
        boolean direct = isFlushed(); // then mails wait only for the end of a message, and its next piece not for them
        long waiting = direct ? connection.outbound().backlog() : bufferedAmount();
        boolean room = waiting <= connection.options().highWaterMark();
        if (!room) {
            wantRoom(direct);
        }
        return room;
    }

    @Override
    public CompletionStage<@Nullable Void> whenSent() {
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        if (isUnblocked()) {
            whenSent(sent);
        } else {
            mark(Mail.mark(() -> whenSent(sent), sent), sent);
        }
        return sent.minimalCompletionStage();
    }

    // Demand, and the end

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        SerialListener serial = connection.delivery().serial();
        if (serial != null) {
            serial.request(messages);
        } else {
            ask(messages);
        }
    }

    @Override
    public void close(CloseCode code, String reason) {
        ClosePayload payload = new ClosePayload(code, reason);
        if (isUnblocked()) {
            connection.handshake().close(payload);
        } else {
            routeClose(() -> connection.handshake().close(payload));
        }
    }

    @Override
    public void abort() {
        SerialListener serial = connection.delivery().serial();
        if (serial != null) {
            serial.discard(); // at once, before the connection's thread runs the task below
        }
        call(() -> {
            connection.delivery().discard();
            connection.handshake().abort(null);
        });
    }
}
