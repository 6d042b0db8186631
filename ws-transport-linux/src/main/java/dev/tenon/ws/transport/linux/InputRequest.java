package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's request for the input of a key, and its results. The request exists while the key is interested in
 * reading:
 *
 * <pre>
 *     IDLE ── interested ──→ ARMED ── not interested, closed, much is held ──→ CANCELLING
 *       ↑                      │ end, failure, no buffer                          │
 *       └──────────────────────┴────────────────── completed ─────────────────────┘
 * </pre>
 *
 * The request receives into the selector's buffers. For a peer that sends much at a time, the request only polls for
 * input, and each read goes to the socket. So this end takes no more bytes from the socket than the reader has room
 * for, does not copy them a second time, and a read also returns the bytes that have arrived since the poll: with one
 * KiB at a time that is already cheaper. For the selector's thread.
 */
final class InputRequest {
    /** The most bytes to hold. More of them mean that the peer sends much, and stop the request. */
    private static final int MOST_HELD = 64 * 1024;
    /** So many bytes at a time are much. */
    private static final int MUCH = 1024;
    /** The kind of request changes after this number of consecutive receives of many bytes, or reads of few. */
    private static final int CHANGE_AFTER = 8;

    private final ReceiveBuffers buffers;
    private final Received received;
    private RequestState state = RequestState.IDLE;
    /** Whether this object has already made a receive request. */
    private boolean begun;
    /** Whether the peer sends much at a time. */
    private boolean isBulk;
    /** Whether the current request only polls and does not receive. */
    private boolean isWaiting;
    /** Whether a poll has reported input in the socket. */
    private boolean socketReady;

    /** How many consecutive times the amount did not fit the kind of the request. */
    private int misfits;

    /** Whether the current request has received nothing yet. What it finds at once may hide a reset behind it. */
    private boolean isFresh;

    private boolean ended;
    private @Nullable IOException failure;

    InputRequest(ReceiveBuffers buffers) {
        this.buffers = buffers;
        this.received = new Received(buffers);
    }

    /** Returns the bytes that are received and not yet read. */
    Received received() {
        return received;
    }

    boolean isIdle() {
        return state == RequestState.IDLE;
    }

    /** Whether a read returns bytes, the end of the input or an exception. */
    boolean isReady() {
        return hasResult() || socketReady;
    }

    /** Whether the kernel has put bytes, the end of the input or a failure here, which the socket no longer has. */
    boolean hasResult() {
        return received.size() > 0 || ended || failure != null;
    }

    /** Whether the request must end, because it receives and another kind of request suits the peer. */
    boolean mustChange() {
        return isBulk && !isWaiting && state == RequestState.ARMED;
    }

    // The request

    /**
     * Makes the request, or decides that it must be cancelled.
     *
     * @param reads whether the key is interested in reading
     * @param over whether the channel is closed or the key cancelled
     * @return whether the caller must cancel the request
     */
    boolean update(Requests requests, int socket, int slot, boolean reads, boolean over) {
        if (!reads) {
            received.moveToHeap();
        }
        if (state == RequestState.IDLE && reads && !isReady()) {
            arm(requests, socket, UserData.of(slot, UserData.RECEIVE));
        } else if (state == RequestState.ARMED && (over || (!reads && !isWaiting) || mustChange())) {
            state = RequestState.CANCELLING;
            return true;
        }
        return false;
    }

    private void arm(Requests requests, int socket, long data) {
        isWaiting = isBulk;
        if (isBulk) {
            requests.poll(socket, Requests.POLL_IN, data);
        } else {
            requests.receive(socket, !begun, data);
            begun = true;
            isFresh = true;
        }
        state = RequestState.ARMED;
    }

    /** Handles a failed cancellation. If the request still exists, a later update cancels it again. */
    void onCancelFailed() {
        if (state == RequestState.CANCELLING) {
            state = RequestState.ARMED;
        }
    }

    /**
     * Handles a completion: input has arrived, or the request has ended. Returns whether it ended because there was no
     * buffer.
     */
    boolean onReceived(int result, int flags) {
        if (isWaiting) {
            state = RequestState.IDLE;
            socketReady = result != -Errno.ECANCELED;
            return false;
        }
        boolean over = (flags & Ring.MORE) == 0;
        if (over) {
            state = RequestState.IDLE;
        }
        if ((flags & Ring.BUFFER) != 0 && result > 0) { // without bytes the kernel keeps the buffer, whatever the flags
            hold(flags >>> 16, result, (flags & Ring.BUFFER_MORE) != 0);
        }
        if (!over) {
            return false;
        }
        if (result == 0) {
            ended = true;
        } else if (result < 0 && result != -Errno.ENOBUFS && result != -Errno.ECANCELED) {
            failure = Errno.read(-result);
        }
        return result == -Errno.ENOBUFS;
    }

    private void hold(int buffer, int length, boolean more) {
        received.add(buffers.received(buffer, length, more), length);
        socketReady |= isFresh;
        isFresh = false;
        isBulk |= isLastMisfit(length >= MUCH) || received.size() > MOST_HELD;
    }

    /** Counts consecutive misfits. Returns whether there are so many that the kind of request must change. */
    private boolean isLastMisfit(boolean misfit) {
        misfits = misfit ? misfits + 1 : 0;
        if (misfits < CHANGE_AFTER) {
            return false;
        }
        misfits = 0;
        return true;
    }

    /** Ends the input with a failure, which a read throws after the received bytes. */
    void fail(IOException reason) {
        failure = reason;
    }

    /** Takes over the results of the channel's last registration. */
    void adopt(InputRequest before) {
        received.adopt(before.received);
        ended = before.ended;
        failure = before.failure;
    }

    // Reading

    /**
     * Reads received bytes.
     *
     * @return the number of bytes, -1 at the end of the input, or 0 if the caller must read the socket itself
     * @throws IOException if receiving has failed
     */
    int read(ByteBuffer into) throws IOException {
        int read = received.read(into);
        if (read > 0) {
            return read;
        }
        IOException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        return ended ? -1 : 0;
    }

    /**
     * Handles the result of a read of the socket itself.
     *
     * @param read the number of bytes, or -1 at the end of the input
     * @param hadRoom whether the reader's buffer had room for more bytes
     */
    void onSocketRead(int read, boolean hadRoom) {
        ended |= read < 0;
        if (hadRoom) {
            socketReady = false;
        }
        if (isBulk && isLastMisfit(read < MUCH)) {
            isBulk = false;
        }
    }
}
