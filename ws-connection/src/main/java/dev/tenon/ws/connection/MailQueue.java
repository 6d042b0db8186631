package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Mails in the order in which they are delivered, and beside them those that wait for the end of a message that is being
 * sent in pieces. For the connection's thread only.
 *
 * <pre>
 *     taken from the stack → queue → delivered
 *                             ↓  ↑ when the message under way has ended
 *                            blocked
 * </pre>
 */
final class MailQueue {
    private final Deque<Mail> queue = new ArrayDeque<>();
    private @Nullable Deque<Mail> blocked;

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Adds mails that are linked from the last one to the first; only while this is empty. */
    void addLinked(@Nullable Mail last) {
        for (Mail mail = last; mail != null; mail = mail.next) {
            queue.addFirst(mail);
        }
    }

    void add(Mail mail) {
        queue.add(mail);
    }

    /** The oldest mail, which no longer waits. */
    Mail next() {
        Mail mail = queue.remove();
        mail.next = null;
        return mail;
    }

    /** Whether some wait for the end of the message under way. */
    boolean isBlocked() {
        return blocked != null;
    }

    void block(Mail mail) {
        if (blocked == null) {
            blocked = new ArrayDeque<>();
        }
        blocked.add(mail);
    }

    /** The message under way has ended: those that have waited for that are the next ones. */
    void unblock() {
        Deque<Mail> waiting = takeBlocked();
        while (!waiting.isEmpty()) {
            queue.addFirst(waiting.removeLast());
        }
    }

    /** Those that wait for the end of the message under way, which no longer do. */
    Deque<Mail> takeBlocked() {
        Deque<Mail> waiting = blocked == null ? new ArrayDeque<>(0) : blocked;
        blocked = null;
        return waiting;
    }
}
