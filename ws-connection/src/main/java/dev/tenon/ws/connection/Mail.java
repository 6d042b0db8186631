package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link WebSocket} that waits for the connection's thread. It owns its encoded content. It is a node of
 * a linked list, so that each call creates only this one object.
 */
final class Mail {
    enum Kind {
        /** A whole message. */
        WHOLE,
        /** A piece of a message, not the last one. */
        PIECE,
        /** The last piece of a message. */
        LAST_PIECE,
        /** A prepared message. */
        PREPARED,
        PING,
        PONG,
        /** A Close frame, which is sent after all calls that were accepted before. */
        CLOSE,
        /** A task that runs after all calls that were accepted before. */
        MARK,
        /** A task that runs as soon as a piece of its type can be sent. */
        PIECE_MARK,
        /** A task that does not depend on sends. */
        TASK
    }

    /** The cost of a call in addition to the bytes of its frame. */
    static final int OVERHEAD = 64;

    final Kind kind;
    final SendMode mode;
    /** The cost of this mail: the bytes of its frame and {@link #OVERHEAD}. */
    final long cost;
    /** Fails if the mail is lost. Completes, for a message, when it has left. Null if no future is needed. */
    final @Nullable CompletableFuture<@Nullable Void> sent;

    private final @Nullable MessageType type;
    private final Object content;

    /** The mail that was pushed before this one. The {@link MailStack} sets this field and the total. */
    @Nullable
    Mail next;

    /** The cost of this mail and of all mails below it on the stack. */
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

    /** Creates a mail for a message, or a piece of one. The mail owns the bytes. */
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

    /** Creates a mail for a ping or a pong. The mail owns the payload. */
    static Mail control(Kind kind, ByteBuffer owned) {
        return new Mail(kind, null, owned, frameLength(owned.remaining()), SendMode.DEFAULT, null);
    }

    /** Creates a mail for a task or a close, depending on the kind. */
    static Mail task(Kind kind, Runnable task) {
        return new Mail(kind, null, task, 0, SendMode.DEFAULT, null);
    }

    /**
     * Creates a mail for a task that runs after all calls that were accepted before. The future fails if the mail is
     * lost.
     */
    static Mail mark(Runnable task, CompletableFuture<@Nullable Void> done) {
        return new Mail(Kind.MARK, null, task, 0, SendMode.DEFAULT, done);
    }

    /** Creates a mail for a task that runs when a piece of a type can be sent. The future fails if the mail is lost. */
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

    /** Whether the mail is refused when too many bytes wait. */
    boolean isLimited() {
        return kind.compareTo(Kind.CLOSE) < 0;
    }

    /** Whether the mail is a piece, which may continue the current message. */
    boolean isPiece() {
        return kind == Kind.PIECE || kind == Kind.LAST_PIECE;
    }

    /** Whether the mail holds message data, whose loss must be reported to the application. */
    boolean isData() {
        return kind.compareTo(Kind.PING) < 0;
    }
}
