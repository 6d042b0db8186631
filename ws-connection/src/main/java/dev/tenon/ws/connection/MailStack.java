package dev.tenon.ws.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free stack of mails. Any thread can push; all mails are taken together. Each mail stores the total cost of
 * itself and the mails below it, so that one compare-and-set both counts and pushes. A closed stack accepts no mail, so
 * no mail is accepted after the end of its connection.
 *
 * <pre>
 *     top → mail(total 300) → mail(total 200) → mail(total 100)
 * </pre>
 *
 * <p>Thread-safe. A test overrides the methods to run the steps of several threads in every order.
 */
class MailStack {
    private static final VarHandle TOP = FieldHandle.of(MethodHandles.lookup(), "top", Mail.class);
    /** The only mail on a closed stack. */
    private static final Mail CLOSED = Mail.task(Mail.Kind.TASK, () -> {});

    private volatile @Nullable Mail top;

    /** The mail that was pushed last, or null. */
    @Nullable
    Mail top() {
        return top;
    }

    /** Whether the given top shows that the stack is closed. */
    static boolean isClosed(@Nullable Mail top) {
        return top == CLOSED;
    }

    /** Pushes a mail if the top is still the expected one; returns false if the top has changed. */
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

    /** Returns the cost of a mail and all mails below it. */
    static long cost(@Nullable Mail top) {
        return top == null ? 0 : top.total;
    }
}
