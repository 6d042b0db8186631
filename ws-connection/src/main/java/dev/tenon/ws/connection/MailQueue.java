package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The mails in the order of their delivery, and separately the mails that wait for the end of a message in pieces. For
 * the connection's thread only.
 *
 * <pre>
 *     taken from the stack → queue → delivered
 *                             ↓  ↑ when the current message has ended
 *                            blocked
 * </pre>
 */
final class MailQueue {
    private final Deque<Mail> queue = new ArrayDeque<>();
    private @Nullable Deque<Mail> blocked;

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Adds mails that are linked from the last one to the first; only while the queue is empty. */
    void addLinked(@Nullable Mail last) {
        for (Mail mail = last; mail != null; mail = mail.next) {
            queue.addFirst(mail);
        }
    }

    void add(Mail mail) {
        queue.add(mail);
    }

    /** Removes and returns the oldest mail. */
    Mail next() {
        Mail mail = queue.remove();
        mail.next = null;
        return mail;
    }

    /** Whether mails wait for the end of the current message. */
    boolean isBlocked() {
        return blocked != null;
    }

    void block(Mail mail) {
        if (blocked == null) {
            blocked = new ArrayDeque<>();
        }
        blocked.add(mail);
    }

    /** The current message has ended: the mails that waited for this come next. */
    void unblock() {
        Deque<Mail> waiting = takeBlocked();
        while (!waiting.isEmpty()) {
            queue.addFirst(waiting.removeLast());
        }
    }

    /** Removes and returns the mails that wait for the end of the current message. */
    Deque<Mail> takeBlocked() {
        Deque<Mail> waiting = blocked == null ? new ArrayDeque<>(0) : blocked;
        blocked = null;
        return waiting;
    }
}
