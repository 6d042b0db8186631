package dev.tenon.ws.connection;

import java.util.concurrent.RejectedExecutionException;

/**
 * The calls of a connection that wait for its thread, in one order for all threads.
 *
 * <pre>
 * other threads --push--> MailStack  --take--> MailQueue --deliver--> recipient
 * </pre>
 *
 * <p>A thread that pushes onto an empty stack submits {@link #run} to the executor. So there is one wake-up for all
 * mails that are pushed until the stack is taken.
 *
 * <p>{@link #offer}, {@link #waiting}, {@link #waitingBefore}, {@link #wantRoom} and {@link #close} are safe from any thread. Only the
 * connection's thread may call the other methods.
 */
final class Mailbox implements Runnable {
    /** The number of mails that are delivered in one turn, before other connections have their turn. */
    static final int BUDGET = 256;

    private final ConnectionExecutor executor;
    private final MailRecipient recipient;
    private final MailStack stack;
    private final long highWaterMark;
    private final long limit;

    /** The cost of the mails between stack and delivery. Only the connection's thread writes it. */
    private volatile long held;
    /** The cost of the mails that wait for the end of the current message. Only the connection's thread writes it. */
    private volatile long blocked;
    /** Requests for room that have not been passed to the connection yet. */
    private final RoomRequests requests = new RoomRequests();

    private final MailQueue queue = new MailQueue();
    private boolean running;
    /** Whether a delivery has left mails for which nobody else wakes this thread. */
    private boolean unfinished;

    Mailbox(ConnectionExecutor executor, MailRecipient recipient, MailStack stack, long highWaterMark, long limit) {
        this.executor = executor;
        this.recipient = recipient;
        this.stack = stack;
        this.highWaterMark = highWaterMark;
        this.limit = limit;
    }

    // From any thread

    /** The cost of all mails that wait here. */
    long waiting() {
        return held + MailStack.cost(stack.top());
    }

    /**
     * The cost of the mails that wait here before a piece of a message. If the piece continues the current message,
     * mails that wait for the end of this message do not count. Otherwise neither the piece nor those mails could ever
     * be sent.
     */
    long waitingBefore(MessageType type) {
        return waiting() - (recipient.isContinuedBy(type) ? blocked : 0);
    }

    /** Accepts a mail. Refuses it if too many bytes wait already, or if the connection or its thread has ended. */
    SendResult offer(Mail mail) {
        while (true) {
            Mail top = stack.top();
            if (MailStack.isClosed(top)) {
                return SendResult.REFUSED;
            }
            boolean continues = mail.isPiece() && recipient.isContinuedBy(mail.type());
            // held mails become backlog: in this order of the reads, none counts twice
            long before = recipient.backlog() + held + MailStack.cost(top) - (continues ? blocked : 0);
            if (refuses(mail, before)) {
                if (stack.top() != top) {
                    continue; // the mails of the old top are held now, so they may have counted twice
                }
                wantRoom(continues);
                return SendResult.REFUSED;
            }
            boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
            if (congested) {
                requests.add(continues); // before the push, so that the delivery sees it
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

    /** Adds a request for room. The connection is woken once, even if many mails are refused. */
    void wantRoom(boolean continues) {
        if (requests.add(continues)) {
            wake();
        }
    }

    private boolean wake() {
        if (executor.isCurrentThread() && running) {
            unfinished = true; // the delivery in progress includes this mail, or is followed by another one
            return true;
        }
        try {
            executor.execute(this);
            return true;
        } catch (RejectedExecutionException ended) {
            close();
            return false;
        }
    }

    /** Accepts no more mails. Mails that are still on the stack are lost. */
    void close() {
        for (Mail mail = stack.close(); mail != null; mail = mail.next) {
            recipient.lost(mail);
        }
    }

    // On the connection's thread

    @Override
    public void run() {
        deliver(BUDGET, BUDGET);
        if (requests.takeIfDue(waiting(), blocked)) {
            recipient.notifyWhenWritable();
        }
    }

    /**
     * Delivers the mails that wait now, so that a call on this thread can be made directly after them. Mails that arrive
     * meanwhile come later, because other threads may never stop sending.
     *
     * @return false if a delivery is already in progress; then the call must be offered too
     */
    boolean flush() {
        if (running) {
            return false;
        }
        if (stack.top() != null || !queue.isEmpty()) {
            deliver(Integer.MAX_VALUE, 1);
        }
        return true;
    }

    /** Whether a mail waits for the end of the current message. */
    boolean isBlocked() {
        return queue.isBlocked();
    }

    /**
     * Accepts a mail of the connection's thread, only after a flush. The mail waits for the end of the current message,
     * unless the flush has ended that message.
     */
    SendResult hold(Mail mail) {
        long before = waiting() + recipient.backlog();
        if (refuses(mail, before)) {
            wantRoom(false);
            return SendResult.REFUSED;
        }
        addHeld(mail.cost);
        queue.add(mail);
        deliver(Integer.MAX_VALUE, 0);
        boolean congested = mail.isLimited() && before + mail.cost > highWaterMark;
        if (congested && requests.add(false) && !queue.isBlocked()) {
            again();
        }
        return congested ? SendResult.CONGESTED : SendResult.QUEUED;
    }

    /** A call on this thread has ended the message in pieces: the mails that waited for this are delivered. */
    void messageEnded() {
        unblock();
        flush();
        if (!requests.isEmpty()) {
            again();
        }
    }

    /** Delivers mails, up to a number of them, and takes the stack up to a number of times. */
    private void deliver(int most, int mostTakes) {
        if (running) {
            return;
        }
        running = true;
        int left = most;
        int takes = mostTakes;
        try {
            while (!queue.isEmpty() || (takes-- > 0 && take())) {
                if (left-- == 0) {
                    unfinished = true;
                    return;
                }
                deliver(queue.next());
            }
        } finally {
            running = false;
            if (unfinished) {
                unfinished = false;
                again();
            }
        }
    }

    private boolean take() {
        unfinished = false;
        Mail top = stack.take();
        addHeld(MailStack.cost(top));
        queue.addLinked(top);
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
            // the connection has ended or is about to end, which releases the mails that wait here
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

    /**
     * The current message has not ended in time. Mails that waited for its end are lost, except a close, which is
     * delivered.
     */
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

    /**
     * The connection has ended: mails that wait are lost. Returns the number of lost messages whose senders get no
     * result.
     */
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
