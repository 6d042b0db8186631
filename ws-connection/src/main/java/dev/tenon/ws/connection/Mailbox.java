package dev.tenon.ws.connection;

import java.util.concurrent.RejectedExecutionException;

/**
 * The calls of a connection that wait for its thread, in one order for all threads.
 *
 * <pre>
 * other threads --push--> MailStack  --take--> MailQueue --deliver--> recipient
 * </pre>
 *
 * <p>Whoever pushes onto an empty stack has the executor call {@link #run}; so there is one wake-up for all that is pushed
 * until then.
 *
 * <p>{@link #offer}, {@link #waiting} and {@link #close} are safe from any thread, all else is for the connection's own.
 */
final class Mailbox implements Runnable {
    /** How many mails are delivered in a row before other connections have their turn. */
    static final int BUDGET = 256;

    private final ConnectionExecutor executor;
    private final MailRecipient recipient;
    private final MailStack stack;
    private final long highWaterMark;
    private final long limit;

    /** The cost of what is in the queue. Only the connection's thread writes it. */
    private volatile long held;
    /** The cost of what is held for the end of the message under way. Only the connection's thread writes it. */
    private volatile long blocked;
    /** Of these the connection does not know yet. */
    private final RoomRequests requests = new RoomRequests();

    private final MailQueue queue = new MailQueue();
    private boolean running;

    Mailbox(ConnectionExecutor executor, MailRecipient recipient, MailStack stack, long highWaterMark, long limit) {
        this.executor = executor;
        this.recipient = recipient;
        this.stack = stack;
        this.highWaterMark = highWaterMark;
        this.limit = limit;
    }

    // From any thread

    /** What waits here, by its cost. */
    long waiting() {
        return held + MailStack.cost(stack.top());
    }

    /**
     * What waits here before a piece of a message. If that continues the message under way, what waits for its end does not
     * count: else neither could ever leave.
     */
    long waitingBefore(MessageType type) {
        return waiting() - (recipient.isContinuedBy(type) ? blocked : 0);
    }

    private boolean continues(Mail mail) {
        return mail.isPiece() && recipient.isContinuedBy(mail.type());
    }

    /** Takes a mail, or refuses it because too much waits already or nobody is left to deliver it. */
    SendResult offer(Mail mail) {
        while (true) {
            Mail top = stack.top();
            if (MailStack.isClosed(top)) {
                return SendResult.REFUSED;
            }
            boolean continues = continues(mail);
            long before = held + MailStack.cost(top) + recipient.backlog() - (continues ? blocked : 0);
            if (refuses(mail, before)) {
                wantRoom(continues);
                return SendResult.REFUSED;
            }
            boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
            if (congested) {
                requests.add(continues); // before the push, so that the delivery cannot miss it
            }
            if (stack.push(top, mail)) {
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
    private void wantRoom(boolean continues) {
        if (requests.add(continues)) {
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
            close();
            return false;
        }
    }

    /** Takes nothing more; what nobody has looked at yet is lost. */
    void close() {
        for (Mail mail = stack.close(); mail != null; mail = mail.next) {
            recipient.lost(mail);
        }
    }

    // On the connection's thread

    @Override
    public void run() {
        deliver(BUDGET);
        if (requests.takeIfDue(waiting(), blocked)) {
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
        if (stack.top() != null || !queue.isEmpty()) {
            deliver(Integer.MAX_VALUE);
        }
        return true;
    }

    /** Whether something waits for the end of the message under way. */
    boolean isBlocked() {
        return queue.isBlocked();
    }

    /**
     * Takes a mail of this thread, only behind a flush: it waits for the end of the message under way, unless the flush has
     * brought that.
     */
    SendResult hold(Mail mail) {
        long before = waiting() + recipient.backlog();
        if (refuses(mail, before)) {
            wantRoom(false);
            return SendResult.REFUSED;
        }
        addHeld(mail.cost);
        queue.add(mail);
        deliver(Integer.MAX_VALUE);
        boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
        if (congested && requests.add(false) && !queue.isBlocked()) {
            again();
        }
        return congested ? SendResult.CONGESTED : SendResult.QUEUED;
    }

    /** The message in pieces has ended by a call on this thread: what waited for that has its turn. */
    void messageEnded() {
        unblock();
        flush();
        if (!requests.isEmpty()) {
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
                deliver(queue.next());
            }
        } finally {
            running = false;
        }
    }

    private boolean hasNext() {
        if (queue.isEmpty()) {
            Mail top = stack.take();
            addHeld(MailStack.cost(top));
            queue.addLinked(top);
        }
        return !queue.isEmpty();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the connection's thread writes it
    private void addHeld(long cost) {
        if (cost != 0) {
            held += cost;
        }
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
        recipient.deliver(mail);
        unblock();
    }

    private boolean isBlocked(Mail mail) {
        return switch (mail.kind) {
            case PING, PONG, TASK -> false;
            case WHOLE, PREPARED -> recipient.isMidMessage();
            case PIECE, LAST_PIECE, PIECE_MARK -> !recipient.takesPiece(mail.type());
            case CLOSE, MARK -> queue.isBlocked();
        };
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the connection's thread writes it
    private void block(Mail mail) {
        queue.block(mail);
        blocked += mail.cost;
        if (mail.kind == Mail.Kind.CLOSE) {
            recipient.closeWaits();
        }
    }

    private void unblock() {
        if (queue.isBlocked() && !recipient.isMidMessage()) {
            queue.unblock();
            blocked = 0;
        }
    }

    /** The message under way has not ended in time: what waits for that is lost, but for a close, which is delivered. */
    void stopWaiting() {
        blocked = 0;
        for (Mail mail : queue.takeBlocked()) {
            addHeld(-mail.cost);
            if (mail.kind == Mail.Kind.CLOSE) {
                recipient.deliver(mail);
            } else {
                recipient.lost(mail);
            }
        }
    }

    /** The connection has ended: what waits is lost. Returns how many messages were, whose senders are not told. */
    int release() {
        queue.takeBlocked().forEach(recipient::lost);
        while (!queue.isEmpty()) {
            recipient.lost(queue.next());
        }
        held = 0;
        blocked = 0;
        close();
        return recipient.lost();
    }
}
