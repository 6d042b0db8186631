package dev.tenon.ws.transport.linux;

/**
 * The user data of a request, which its completions carry: the slot of its key and the kind of request.
 *
 * <pre>
 *     | slot | kind: 3 bits |
 * </pre>
 */
final class UserData {
    static final int RECEIVE = 0;
    static final int POLL = 1;
    static final int CANCEL_RECEIVE = 2;
    static final int CANCEL_POLL = 3;
    static final int WAKE = 4;
    /** A request whose completion changes nothing. */
    static final int IGNORED = 5;

    static final int SEND = 6;
    static final int SEND_REST = 7;

    private static final int KIND_BITS = 3;

    private UserData() {}

    static long of(int slot, int kind) {
        return (long) slot << KIND_BITS | kind;
    }

    static int kind(long data) {
        return (int) data & (1 << KIND_BITS) - 1;
    }

    static int slot(long data) {
        return (int) (data >>> KIND_BITS);
    }
}
