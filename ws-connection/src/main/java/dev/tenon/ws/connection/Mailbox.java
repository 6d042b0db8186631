package dev.tenon.ws.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a connection that wait for its thread, in one order for all threads.
 *
 * <pre>
 * other threads --push--> head (a stack)  --take--> queue --deliver--> recipient
 *                                                     |  ^
 *                                                     v  | when the message under way has ended
 *                                                    blocked
 * </pre>
 *
 * <p>Whoever pushes onto an empty stack has the executor call {@link #run}; so there is one wake-up for all that is pushed
 * until then. The account of what waits is part of the stack: each mail holds the sum of those below it, so that one
 * compare-and-set both counts and pushes.
 *
 * <p>{@link #offer} and {@link #waiting} are safe from any thread, all else is for the connection's own.
 */
class Mailbox implements Runnable {
    /** How many mails are delivered in a row before other connections have their turn. */
    static final int BUDGET = 256;

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Mail.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the mails are for: a connection, called on its own thread but for {@link #backlog}. */
    interface Recipient {
        /** Bytes that wait on the wire. Safe from any thread. */
        long backlog();

        /** Whether a message is sent in pieces at the moment. */
        boolean isMidMessage();

        /** Whether a piece of a type can be sent now. */
        boolean takesPiece(MessageType type);

        /** Does what a mail asks for. */
        void deliver(Mail mail);

        /** A mail will never be delivered. */
        void lost(Mail mail);

        /** A close waits for the end of the message under way. */
        void closeWaits();

        /** A sender was told that there is no room. */
        void requireWritable();
    }

    private final ConnectionExecutor executor;
    private final Recipient recipient;
    private final long highWaterMark;
    private final long limit;

    private volatile @Nullable Mail head;
    /** The cost of what is in the queue or blocked. Only the connection's thread writes it. */
    private volatile long held;
    /** Whether a sender was told that there is no room, and the connection does not know yet. */
    private volatile boolean roomWanted;

    private final Deque<Mail> queue = new ArrayDeque<>();
    private @Nullable Deque<Mail> blocked;
    private boolean running;

    Mailbox(ConnectionExecutor executor, Recipient recipient, long highWaterMark, long limit) {
        this.executor = executor;
        this.recipient = recipient;
        this.highWaterMark = highWaterMark;
        this.limit = limit;
    }

    // From any thread

    /** What waits here, by its cost. */
    long waiting() {
        Mail top = head();
        return held + (top == null ? 0 : top.total);
    }

    /** Takes a mail, or refuses it because too much waits already or nobody is left to deliver it. */
    SendResult offer(Mail mail) {
        while (true) {
            Mail top = head();
            long before = held + (top == null ? 0 : top.total) + recipient.backlog();
            if (refuses(mail, before)) {
                wantRoom();
                return SendResult.REFUSED;
            }
            boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
            if (congested) {
                roomWanted = true; // before the push, so that the delivery cannot miss it
            }
            mail.on(top);
            if (push(top, mail)) {
                if (top == null && !wake()) {
                    return SendResult.REFUSED;
                }
                return congested ? SendResult.CONGESTED : SendResult.QUEUED;
            }
        }
    }

    private boolean refuses(Mail mail, long before) {
        return mail.isLimited() && before > 0 && before + mail.cost > limit;
    }

    /** However often mails are refused, the connection is told once. */
    private void wantRoom() {
        if (!roomWanted) { // two threads may see that at once: then there are two calls, and no more
            roomWanted = true;
            wake();
        }
    }

    private boolean wake() {
        if (executor.isCurrentThread() && running) {
            return true; // it is delivering: it will come to this one too
        }
        try {
            executor.execute(this);
            return true;
        } catch (RejectedExecutionException ended) {
            for (Mail mail = take(); mail != null; mail = mail.next) {
                recipient.lost(mail);
            }
            return false;
        }
    }

    // The three steps on the stack; a test puts a scheduler between them

    @Nullable
    Mail head() {
        return head;
    }

    boolean push(@Nullable Mail expected, Mail mail) {
        return HEAD.compareAndSet(this, expected, mail);
    }

    @Nullable
    Mail take() {
        return (Mail) HEAD.getAndSet(this, null);
    }

    // On the connection's thread

    @Override
    public void run() {
        deliver(BUDGET);
        if (roomWanted && waiting() == 0) {
            roomWanted = false;
            recipient.requireWritable();
        }
    }

    /**
     * Delivers all that waits, so that a call on this thread can go straight through behind it.
     *
     * @return false if that cannot be, because a delivery is under way: the call has to be offered, too
     */
    boolean flush() {
        if (running) {
            return false;
        }
        if (head() != null || !queue.isEmpty()) {
            deliver(Integer.MAX_VALUE);
        }
        return true;
    }

    /** Whether something waits for the end of the message under way. */
    boolean isBlocked() {
        return blocked != null;
    }

    /** Takes a mail of this thread that has to wait for the end of the message under way; only behind a flush. */
    SendResult hold(Mail mail) {
        long before = waiting() + recipient.backlog();
        if (refuses(mail, before)) {
            wantRoom();
            return SendResult.REFUSED;
        }
        addHeld(mail.cost);
        block(mail);
        boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
        if (congested) {
            roomWanted = true; // told when it is no longer blocked
        }
        return congested ? SendResult.CONGESTED : SendResult.QUEUED;
    }

    /** The message in pieces has ended by a call on this thread: what waited for that has its turn. */
    void messageEnded() {
        unblock();
        flush();
        if (roomWanted) {
            again();
        }
    }

    private void deliver(int most) {
        if (running) {
            return;
        }
        running = true;
        try {
            for (int left = most; hasNext(); left--) {
                if (left == 0) {
                    again();
                    return;
                }
                deliver(queue.remove());
            }
        } finally {
            running = false;
        }
    }

    private boolean hasNext() {
        if (queue.isEmpty()) {
            Mail top = take();
            if (top == null) {
                return false;
            }
            addHeld(top.total);
            for (Mail mail = top; mail != null; mail = mail.next) {
                queue.addFirst(mail);
            }
        }
        return true;
    }

    private void addHeld(long cost) {
        long before = held; // nobody else writes it
        held = before + cost;
    }

    private void again() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException ended) {
            // so has the connection, or it is about to: what waits here is told then
        }
    }

    private void deliver(Mail mail) {
        if (isBlocked(mail)) {
            block(mail);
            return;
        }
        addHeld(-mail.cost);
        mail.next = null;
        recipient.deliver(mail);
        unblock();
    }

    private boolean isBlocked(Mail mail) {
        return switch (mail.kind) {
            case PING, PONG, TASK -> false;
            case WHOLE, PREPARED -> recipient.isMidMessage();
            case PIECE, LAST_PIECE -> !recipient.takesPiece(mail.type());
            case CLOSE, MARK -> isBlocked();
        };
    }

    private void block(Mail mail) {
        Deque<Mail> waiting = blocked;
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            blocked = waiting;
        }
        waiting.add(mail);
        if (mail.kind == Mail.Kind.CLOSE) {
            recipient.closeWaits();
        }
    }

    private void unblock() {
        Deque<Mail> waiting = blocked;
        if (waiting != null && !recipient.isMidMessage()) {
            blocked = null;
            while (!waiting.isEmpty()) {
                queue.addFirst(waiting.removeLast());
            }
        }
    }

    /** The message under way has not ended in time: what waits for that is lost, but for a close, which is delivered. */
    void stopWaiting() {
        Deque<Mail> waiting = takeBlocked();
        while (!waiting.isEmpty()) {
            Mail mail = waiting.remove();
            addHeld(-mail.cost);
            if (mail.kind == Mail.Kind.CLOSE) {
                recipient.deliver(mail);
            } else {
                recipient.lost(mail);
            }
        }
    }

    private Deque<Mail> takeBlocked() {
        Deque<Mail> waiting = blocked == null ? new ArrayDeque<>(0) : blocked;
        blocked = null;
        return waiting;
    }

    /** The connection has ended: what waits is lost. */
    void release() {
        takeBlocked().forEach(recipient::lost);
        while (hasNext()) {
            recipient.lost(queue.remove());
        }
        held = 0;
    }
}
