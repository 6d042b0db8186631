package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of a {@link Connection}. A call on the connection's thread goes straight through; a call from
 * another thread is encoded there and goes through the {@link Mailbox}, and so do calls on the connection's thread while
 * something is in there, or while a message in pieces is under way.
 */
final class ConnectionWebSocket extends ConnectionInfo {
    private static final VarHandle MAILBOX;

    static {
        try {
            MAILBOX = MethodHandles.lookup().findVarHandle(ConnectionWebSocket.class, "mailbox", Mailbox.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Made when another thread calls for the first time. */
    private volatile @Nullable Mailbox mailbox;
    /** Whether the connection was closed by a call that is still on its way. */
    private volatile boolean closing;

    ConnectionWebSocket(Connection connection, ConnectionExecutor executor) {
        super(connection, executor);
    }

    // Sending

    @Override
    public void sendText(String text) {
        sendOwned(MessageType.TEXT, Utf8.encode(text));
    }

    private void sendOwned(MessageType type, ByteBuffer bytes) {
        orEnd(
                isDirect()
                        ? connection.outbound().message(type, bytes, SendMode.DEFAULT)
                        : route(Mail.data(Mail.Kind.WHOLE, type, bytes, SendMode.DEFAULT, null)));
    }

    @Override
    public void sendText(ByteBuffer utf8) {
        orEnd(whole(MessageType.TEXT, utf8, false, SendMode.DEFAULT, null));
    }

    @Override
    public void sendBinary(ByteBuffer data) {
        orEnd(whole(MessageType.BINARY, data, false, SendMode.DEFAULT, null));
    }

    @Override
    public void sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        orEnd(piece(type, piece, last, false, SendMode.DEFAULT, null));
    }

    @Override
    public void send(Message message) {
        orEnd(dispatch(message, null));
    }

    @Override
    public SendResult trySend(Message message) {
        return dispatch(message, null);
    }

    @Override
    public CompletionStage<@Nullable Void> sendAsync(Message message) {
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        if (dispatch(message, sent) == SendResult.REFUSED) {
            String why = isOpen() ? "too much waits to be sent already" : "the connection is closing or closed";
            sent.completeExceptionally(new IOException(why));
        }
        return sent.minimalCompletionStage();
    }

    @Override
    public void sendBlocking(Message message) throws IOException, InterruptedException {
        if (executor.isCurrentThread()) {
            throw new IllegalStateException("the connection's own thread must not wait for itself");
        }
        while (true) {
            if (!isOpen()) {
                throw new IOException("the connection is closing or closed");
            }
            if (isWritable() && dispatch(message, null) != SendResult.REFUSED) {
                return;
            }
            awaitRoom();
        }
    }

    private void awaitRoom() throws IOException, InterruptedException {
        try {
            CompletableFuture<@Nullable Void> room = new CompletableFuture<>();
            mark(() -> connection.outbound().whenWritable(room), room);
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
            Mailbox waiting = last ? mailbox : null;
            if (waiting != null) {
                waiting.messageEnded();
            }
            return result;
        }
        Mail.Kind kind = last ? Mail.Kind.LAST_PIECE : Mail.Kind.PIECE;
        return route(bytes, owned, kind, type, mode, sent);
    }

    /** Completes a future of a message that was sent just now when it has left. */
    private SendResult awaited(SendResult result, @Nullable CompletableFuture<@Nullable Void> sent) {
        if (sent != null && result != SendResult.REFUSED) {
            connection.outbound().whenSent(sent);
            connection.flushLater();
        }
        return result;
    }

    /** What is refused for lack of room ends the connection, because its sender is not told. */
    private void orEnd(SendResult result) {
        if (result == SendResult.REFUSED && isOpen()) {
            if (executor.isCurrentThread()) {
                connection.overflow();
            } else {
                closing = true; // one failure is enough
                mailbox().offer(Mail.task(Mail.Kind.TASK, connection::overflow));
            }
        }
    }

    private static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining())
                .put(borrowed.duplicate())
                .flip();
    }

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

    // The way of a call

    /** Whether this is the connection's thread, and nothing from others waits any more. */
    private boolean isFlushed() {
        if (!executor.isCurrentThread()) {
            return false;
        }
        Mailbox known = mailbox;
        return known == null || known.flush();
    }

    /** Whether, besides, a whole message can be sent now. */
    private boolean isDirect() {
        return isFlushed() && !connection.outbound().isMidMessage();
    }

    private SendResult route(
            ByteBuffer bytes,
            boolean owned,
            Mail.Kind kind,
            MessageType type,
            SendMode mode,
            @Nullable CompletableFuture<@Nullable Void> sent) {
        return owned
                ? route(Mail.data(kind, type, bytes, mode, sent))
                : route(bytes, Mail.data(kind, type, copy(bytes), mode, sent));
    }

    /** Has a mail wait for its turn; borrowed bytes are used up if it is taken. */
    private SendResult route(ByteBuffer borrowed, Mail mail) {
        SendResult result = route(mail);
        if (result != SendResult.REFUSED) {
            borrowed.position(borrowed.limit());
        }
        return result;
    }

    private SendResult route(Mail mail) {
        if (!connection.sends() || (closing && mail.kind != Mail.Kind.PIECE && mail.kind != Mail.Kind.LAST_PIECE)) {
            return SendResult.REFUSED;
        }
        return enqueue(mail);
    }

    private Mailbox mailbox() {
        Mailbox known = mailbox;
        if (known != null) {
            return known;
        }
        Mailbox fresh = connection.newMailbox();
        return MAILBOX.compareAndSet(this, null, fresh) ? fresh : mailbox();
    }

    /** The mailbox, or null if nothing has ever waited. */
    @Nullable
    Mailbox knownMailbox() {
        return mailbox;
    }

    // What has been sent, and what can be

    private boolean isOpen() {
        return connection.sends() && !closing;
    }

    @Override
    public boolean isWritable() {
        return isOpen() && bufferedAmount() <= connection.options().highWaterMark();
    }

    @Override
    public long bufferedAmount() {
        Mailbox known = mailbox;
        return connection.outbound().backlog() + (known == null ? 0 : known.waiting());
    }

    @Override
    public CompletionStage<@Nullable Void> whenSent() {
        if (isFlushed() && !isBlocked()) {
            return connection.whenSent();
        }
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        mark(() -> connection.whenSent(sent), sent);
        return sent.minimalCompletionStage();
    }

    /** Has something done behind all that was taken so far; if that never comes, the future fails. */
    private void mark(Runnable task, CompletableFuture<@Nullable Void> done) {
        Mail mark = Mail.mark(task, done);
        if (enqueue(mark) == SendResult.REFUSED) {
            done.completeExceptionally(new IOException("the connection has ended"));
        }
    }

    private SendResult enqueue(Mail mail) {
        return isFlushed() ? mailbox().hold(mail) : mailbox().offer(mail);
    }

    private boolean isBlocked() {
        Mailbox known = mailbox;
        return known != null && known.isBlocked();
    }

    // The end

    @Override
    public void close(CloseCode code, String reason) {
        ClosePayload payload = new ClosePayload(code, reason);
        if (isFlushed() && !isBlocked()) {
            connection.close(payload);
            return;
        }
        if (closing) {
            return;
        }
        closing = true;
        Runnable close = () -> connection.close(payload);
        if (enqueue(Mail.task(Mail.Kind.CLOSE, close)) == SendResult.REFUSED) {
            connection.call(close); // it has ended: what is held is dropped
        }
    }

    @Override
    public void abort() {
        connection.abort();
    }

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        connection.request(messages);
    }

    @Override
    public ReadyState readyState() {
        ReadyState state = connection.readyState();
        return closing && state == ReadyState.OPEN ? ReadyState.CLOSING : state;
    }
}
