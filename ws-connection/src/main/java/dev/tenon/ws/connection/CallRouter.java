package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Routes the calls of an application to its connection, in one order for all threads. A call on the connection's thread
 * is made directly. A call from another thread goes through the {@link Mailbox}. A call on the connection's thread also
 * goes through the mailbox while mails wait there, or while a message in pieces is being sent.
 */
abstract class CallRouter extends ConnectionInfo {
    private static final VarHandle MAILBOX = FieldHandle.of(MethodHandles.lookup(), "mailbox", Mailbox.class);

    /** Created when a call has to wait for the first time. Accessed through {@link #MAILBOX} only. */
    @SuppressWarnings("UnusedVariable")
    private @Nullable Mailbox mailbox;

    /** Whether a close or a failure has been put into the mailbox. */
    private volatile boolean closing;
    /** Whether a failure has been put into the mailbox. */
    private volatile boolean failing;
    /** Whether a task that calls {@link Connection#flushed} waits for the executor. */
    private boolean flushing;

    CallRouter(Connection connection, ConnectionExecutor executor) {
        super(connection, executor);
    }

    // Direct calls

    /** Whether this is the connection's thread, and all earlier mails that can be delivered have been delivered. */
    final boolean isFlushed() {
        if (!executor.isCurrentThread()) {
            return false;
        }
        if (MAILBOX.getOpaque(this) == null) { // the usual case: null needs no memory ordering
            return true;
        }
        return mailbox().flush();
    }

    /** Whether {@link #isFlushed} is true and a whole message can be sent now. */
    final boolean isDirect() {
        return isFlushed() && !connection.outbound().isMidMessage();
    }

    /** Whether {@link #isFlushed} is true and no mail waits for the end of the current message in pieces. */
    final boolean isUnblocked() {
        if (!isFlushed()) {
            return false;
        }
        Mailbox known = knownMailbox();
        return known == null || !known.isBlocked();
    }

    /** A call on this thread has ended a message in pieces: the mails that waited for this are delivered. */
    final void messageEnded() {
        Mailbox known = knownMailbox();
        if (known != null) {
            known.messageEnded();
        }
    }

    /**
     * Runs a task on the connection's thread. If that thread has ended, the connection has ended too, and the task runs
     * on the calling thread. A lock runs the tasks of all connections of that thread one at a time, because these
     * connections share a threadContext. From any thread.
     */
    final void call(Runnable task) {
        if (executor.isCurrentThread()) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException ended) {
            synchronized (executor) {
                task.run();
            }
        }
    }

    /** Requests messages directly from the connection, not from the executor of its listener. From any thread. */
    final void ask(long messages) {
        call(() -> {
            connection.delivery().request(messages);
            connection.inbound().resumeIfWanted();
        });
    }

    /** Completes a future when all bytes that have been sent so far have left. On the connection's thread. */
    final void whenSent(CompletableFuture<@Nullable Void> sent) {
        connection.outbound().whenSent(sent, this::flushLater);
    }

    /**
     * Schedules a task that completes the futures of sent messages. The task runs after the current event and after
     * tasks that were submitted earlier. So a sender that sends one message, waits, and sends the next one gets one
     * turn for each message. A direct executor cannot defer a task; its transport calls {@link Connection#flushed}
     * instead.
     */
    private void flushLater() {
        if (flushing || executor instanceof ConnectionExecutor.Direct) {
            return;
        }
        flushing = true;
        try {
            executor.execute(() -> {
                flushing = false;
                connection.flushed();
            });
        } catch (RejectedExecutionException ended) {
            flushing = false; // the connection has ended or is about to end, which fails the futures
        }
    }

    // Through the mailbox

    /** Puts a message, or a piece of one, into the mailbox. */
    final SendResult route(
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

    /** Puts a mail into the mailbox. Borrowed bytes are consumed if the mail is accepted. */
    final SendResult route(ByteBuffer borrowed, Mail mail) {
        SendResult result = route(mail);
        if (result != SendResult.REFUSED) {
            borrowed.position(borrowed.limit());
        }
        return result;
    }

    final SendResult route(Mail mail) {
        return accepts(mail.isPiece()) ? enqueue(mail) : SendResult.REFUSED;
    }

    /** Calls the listener when there is room again. */
    final void wantRoom(boolean direct) {
        if (direct) {
            connection.outbound().notifyWhenWritable();
        } else {
            mailbox().wantRoom(false);
        }
    }

    /** Puts a mark into the mailbox. If the task of the mark cannot run, its future fails. */
    final void mark(Mail mark, CompletableFuture<@Nullable Void> done) {
        if (enqueue(mark) == SendResult.REFUSED) {
            done.completeExceptionally(new IOException("the connection has ended"));
        }
    }

    /**
     * Closes the connection after all calls that were accepted before. Only the first call has an effect, but a call
     * after a failure has one too: held messages are dropped at the end.
     */
    final void routeClose(Runnable close) {
        if (closing && !failing) {
            return;
        }
        closing = true;
        if (enqueue(Mail.task(Mail.Kind.CLOSE, close)) == SendResult.REFUSED) {
            call(close); // the connection has ended: the close drops held messages
        }
    }

    /**
     * Ends the connection, because a message or a piece was refused for lack of room and its sender gets no result.
     * Does nothing if it was refused because of a close.
     */
    final void overflow(boolean piece) {
        if (!accepts(piece)) {
            return;
        }
        if (executor.isCurrentThread()) {
            connection.handshake().overflow();
        } else {
            failing = true; // prevents a second failure; before the next line, so that a close sees both
            closing = true;
            mailbox().offer(Mail.task(Mail.Kind.TASK, connection.handshake()::overflow));
        }
    }

    private SendResult enqueue(Mail mail) {
        return isFlushed() ? mailbox().hold(mail) : mailbox().offer(mail);
    }

    private Mailbox mailbox() {
        Mailbox known = knownMailbox();
        if (known != null) {
            return known;
        }
        ConnectionOptions options = connection.options();
        MailDelivery recipient = new MailDelivery(connection);
        Mailbox fresh =
                new Mailbox(executor, recipient, new MailStack(), options.highWaterMark(), options.outboundLimit());
        if (!MAILBOX.compareAndSet(this, null, fresh)) {
            return mailbox();
        }
        if (connection.handshake().readyState() == ReadyState.CLOSED) {
            fresh.close(); // the end of the connection closes the mailbox, but may have missed this new one
        }
        return fresh;
    }

    /** The mailbox, or null if no call has ever waited. */
    final @Nullable Mailbox knownMailbox() {
        return (Mailbox) MAILBOX.getVolatile(this);
    }

    static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining())
                .put(borrowed.duplicate())
                .flip();
    }

    // The state, including calls in the mailbox

    /** Whether sends are accepted: the connection is open, and no close has been put into the mailbox. */
    final boolean isOpen() {
        return connection.handshake().isOpen() && !closing;
    }

    /** The same for a message or a piece. Pieces are accepted until the close is sent, which may wait for the last. */
    final boolean accepts(boolean piece) {
        return piece ? connection.handshake().isOpen() && !failing : isOpen();
    }

    @Override
    public final ReadyState readyState() {
        ReadyState state = connection.handshake().readyState();
        return closing && state == ReadyState.OPEN ? ReadyState.CLOSING : state;
    }

    /** The bytes that wait before a piece of a message can be sent. */
    final long bufferedBefore(MessageType type) {
        Mailbox known = knownMailbox();
        return connection.outbound().buffered() + (known == null ? 0 : known.waitingBefore(type));
    }

    @Override
    public final long bufferedAmount() {
        Mailbox known = knownMailbox();
        return connection.outbound().buffered() + (known == null ? 0 : known.waiting());
    }
}
