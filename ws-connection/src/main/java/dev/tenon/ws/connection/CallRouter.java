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
 * Brings the calls of an application to its connection, in one order for all threads. A call on the connection's thread
 * goes straight through; a call from another thread goes through the {@link Mailbox}, and so do calls on the connection's
 * thread while something is in there, or while a message in pieces is under way.
 */
abstract class CallRouter extends ConnectionInfo {
    private static final VarHandle MAILBOX = FieldHandle.of(MethodHandles.lookup(), "mailbox", Mailbox.class);

    /** Made when another thread calls for the first time. Accessed through {@link #MAILBOX} only. */
    @SuppressWarnings("UnusedVariable")
    private @Nullable Mailbox mailbox;

    /** Whether the connection was closed by a call that is still on its way. */
    private volatile boolean closing;
    /** Whether the executor is about to look whether all has left. */
    private boolean flushing;

    CallRouter(Connection connection, ConnectionExecutor executor) {
        super(connection, executor);
    }

    // Straight through

    /** Whether this is the connection's thread, and nothing from others waits any more. */
    final boolean isFlushed() {
        if (!executor.isCurrentThread()) {
            return false;
        }
        if (MAILBOX.getOpaque(this) == null) { // as it nearly always is: no ordering is needed to see that
            return true;
        }
        return mailbox().flush();
    }

    /** Whether, besides, a whole message can be sent now. */
    final boolean isDirect() {
        return isFlushed() && !connection.outbound().isMidMessage();
    }

    /** Whether, besides, nothing waits for the end of the message in pieces that is under way. */
    final boolean isUnblocked() {
        if (!isFlushed()) {
            return false;
        }
        Mailbox known = knownMailbox();
        return known == null || !known.isBlocked();
    }

    /** A message in pieces has ended by a call on this thread: what waited for that has its turn. */
    final void messageEnded() {
        Mailbox known = knownMailbox();
        if (known != null) {
            known.messageEnded();
        }
    }

    /**
     * Does something on the connection's thread. If that has ended, so has the connection, and what it holds still is told
     * here, one connection of the thread after the other: they share its threadContext. From any thread.
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

    /** Asks the connection itself for messages, and not the executor of its listener. From any thread. */
    final void ask(long messages) {
        call(() -> {
            connection.delivery().request(messages);
            connection.inbound().resumeIfWanted();
        });
    }

    /** Completes a future when all that was sent so far has left. On the connection's thread. */
    final void whenSent(CompletableFuture<@Nullable Void> sent) {
        connection.outbound().whenSent(sent, this::flushLater);
    }

    /**
     * Has somebody who waits for it learn that all has left, behind the event at hand and behind the turns of others: who
     * then sends the next message, and waits again, has one turn for each. A direct executor has no such thing as later;
     * its transport says when it has tried.
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
            flushing = false; // so has the connection, or it is about to: whoever waits is told then
        }
    }

    // Through the mailbox

    /** Has a message, or a piece of one, wait for its turn. */
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

    /** Has a mail wait for its turn; borrowed bytes are used up if it is taken. */
    final SendResult route(ByteBuffer borrowed, Mail mail) {
        SendResult result = route(mail);
        if (result != SendResult.REFUSED) {
            borrowed.position(borrowed.limit());
        }
        return result;
    }

    final SendResult route(Mail mail) {
        if (!connection.handshake().isOpen() || (closing && !mail.isPiece())) {
            return SendResult.REFUSED;
        }
        return enqueue(mail);
    }

    /** Has a mark's task done; if it never comes to that, its future fails. */
    final void mark(Mail mark, CompletableFuture<@Nullable Void> done) {
        if (enqueue(mark) == SendResult.REFUSED) {
            done.completeExceptionally(new IOException("the connection has ended"));
        }
    }

    /** Has the connection closed behind all that was taken so far, once. */
    final void routeClose(Runnable close) {
        if (closing) {
            return;
        }
        closing = true;
        if (enqueue(Mail.task(Mail.Kind.CLOSE, close)) == SendResult.REFUSED) {
            call(close); // it has ended: what is held is dropped
        }
    }

    /** Ends the connection, because a message was refused for lack of room, and its sender is not told. */
    final void overflow() {
        if (!isOpen()) {
            return;
        }
        if (executor.isCurrentThread()) {
            connection.handshake().overflow();
        } else {
            closing = true; // one failure is enough
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
            fresh.close(); // the end, which closes the mailbox, has perhaps not seen this one
        }
        return fresh;
    }

    /** The mailbox, or null if nothing has ever waited. */
    final @Nullable Mailbox knownMailbox() {
        return (Mailbox) MAILBOX.getVolatile(this);
    }

    static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining())
                .put(borrowed.duplicate())
                .flip();
    }

    // The state, with what is on its way

    /** Whether sends are taken: the connection is open, and no close is on its way. */
    final boolean isOpen() {
        return connection.handshake().isOpen() && !closing;
    }

    @Override
    public final ReadyState readyState() {
        ReadyState state = connection.handshake().readyState();
        return closing && state == ReadyState.OPEN ? ReadyState.CLOSING : state;
    }

    /** What waits before a piece of a message could leave. */
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
