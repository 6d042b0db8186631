package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link WebSocket} that waits for its turn on the connection's thread: with its content encoded and owned,
 * and linked to the one that was pushed before it, so that it is the only object that a call costs.
 */
final class Mail {
    enum Kind {
        /** A whole message. */
        WHOLE,
        /** A piece of a message, not the last one. */
        PIECE,
        /** The last piece of a message. */
        LAST_PIECE,
        /** A message that was prepared. */
        PREPARED,
        PING,
        PONG,
        /** A Close frame: behind all that was taken before. */
        CLOSE,
        /** Something to do behind all that was taken before. */
        MARK,
        /** Something to do as soon as a piece of its type can be sent. */
        PIECE_MARK,
        /** Something to do that does not depend on what is sent. */
        TASK
    }

    /** What a call costs beside the bytes of its frame. */
    static final int OVERHEAD = 64;

    final Kind kind;
    final SendMode mode;
    /** What it counts for: the bytes of its frame and {@link #OVERHEAD}. */
    final long cost;
    /** Fails if it is lost; completes, for a message, when it has left. Null if nobody asks. */
    final @Nullable CompletableFuture<@Nullable Void> sent;

    private final @Nullable MessageType type;
    private final Object content;

    /** The one that was pushed before. Set by the {@link MailStack}, as is the total. */
    @Nullable
    Mail next;

    /** What it costs together with all down to the first. */
    long total;

    private Mail(
            Kind kind,
            @Nullable MessageType type,
            Object content,
            long bytes,
            SendMode mode,
            @Nullable CompletableFuture<@Nullable Void> sent) {
        this.kind = kind;
        this.type = type;
        this.content = content;
        this.cost = bytes + OVERHEAD;
        this.mode = mode;
        this.sent = sent;
    }

    /** A message, or a piece of one, whose bytes nobody else has. */
    static Mail data(
            Kind kind,
            MessageType type,
            ByteBuffer owned,
            SendMode mode,
            @Nullable CompletableFuture<@Nullable Void> sent) {
        return new Mail(kind, type, owned, frameLength(owned.remaining()), mode, sent);
    }

    static Mail prepared(PreparedMessage message, @Nullable CompletableFuture<@Nullable Void> sent) {
        return new Mail(Kind.PREPARED, message.type(), message, message.frameLength(), SendMode.DEFAULT, sent);
    }

    /** A ping or a pong, whose payload nobody else has. */
    static Mail control(Kind kind, ByteBuffer owned) {
        return new Mail(kind, null, owned, frameLength(owned.remaining()), SendMode.DEFAULT, null);
    }

    /** A task; a close if it is of that kind. */
    static Mail task(Kind kind, Runnable task) {
        return new Mail(kind, null, task, 0, SendMode.DEFAULT, null);
    }

    /** A task behind all that was taken before, and a future that fails if that never comes. */
    static Mail mark(Runnable task, CompletableFuture<@Nullable Void> done) {
        return new Mail(Kind.MARK, null, task, 0, SendMode.DEFAULT, done);
    }

    /** A task for when a piece of a type can be sent, and a future that fails if that never comes. */
    static Mail pieceMark(MessageType type, Runnable task, CompletableFuture<@Nullable Void> done) {
        return new Mail(Kind.PIECE_MARK, type, task, 0, SendMode.DEFAULT, done);
    }

    private static long frameLength(int length) {
        int header = length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
        return (long) header + length;
    }

    MessageType type() {
        return Objects.requireNonNull(type);
    }

    ByteBuffer bytes() {
        return (ByteBuffer) content;
    }

    PreparedMessage message() {
        return (PreparedMessage) content;
    }

    Runnable task() {
        return (Runnable) content;
    }

    /** Whether it is refused when too much waits. */
    boolean isLimited() {
        return kind.compareTo(Kind.CLOSE) < 0;
    }

    /** Whether it is a piece, which may continue the message that others wait for. */
    boolean isPiece() {
        return kind == Kind.PIECE || kind == Kind.LAST_PIECE;
    }

    /** Whether it holds data that an application must not believe to have been sent if it was not. */
    boolean isData() {
        return kind.compareTo(Kind.PING) < 0;
    }
}
