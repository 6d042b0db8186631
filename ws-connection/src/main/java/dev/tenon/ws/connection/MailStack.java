package dev.tenon.ws.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free stack of mails, pushed by any thread and taken as a whole. The account is part of it: each mail holds the sum
 * of those below it, so that one compare-and-set both counts and pushes. Once it is closed nothing can be pushed any more,
 * so that no mail is taken behind the end of its connection.
 *
 * <pre>
 *     top → mail(total 300) → mail(total 200) → mail(total 100)
 * </pre>
 *
 * <p>Thread-safe. A test puts a scheduler between the steps.
 */
class MailStack {
    private static final VarHandle TOP = FieldHandle.of(MethodHandles.lookup(), "top", Mail.class);
    /** Lies on a closed stack. */
    private static final Mail CLOSED = Mail.task(Mail.Kind.TASK, () -> {});

    private volatile @Nullable Mail top;

    /** The mail that was pushed last, or null. */
    @Nullable
    Mail top() {
        return top;
    }

    /** Whether a mail that was on top says that the stack is closed. */
    static boolean isClosed(@Nullable Mail top) {
        return top == CLOSED;
    }

    /** Pushes a mail onto the one that was on top; returns false if that has changed. */
    boolean push(@Nullable Mail expected, Mail mail) {
        mail.next = expected;
        mail.total = mail.cost + cost(expected);
        return TOP.compareAndSet(this, expected, mail);
    }

    /** Takes all mails, linked from the last one to the first; null if there is none. */
    @Nullable
    Mail take() {
        Mail all = top;
        while (all != null && all != CLOSED && !TOP.compareAndSet(this, all, null)) {
            all = top;
        }
        return all == CLOSED ? null : all;
    }

    /** Takes all mails and closes the stack. */
    @Nullable
    Mail close() {
        Mail all = (Mail) TOP.getAndSet(this, CLOSED);
        return all == CLOSED ? null : all;
    }

    /** What a mail and all below it cost. */
    static long cost(@Nullable Mail top) {
        return top == null ? 0 : top.total;
    }
}
