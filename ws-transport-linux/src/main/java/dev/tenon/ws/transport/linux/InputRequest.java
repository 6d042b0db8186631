package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The request of a key for input, there for as long as the key is interested in reading, and what it has brought:
 *
 * <pre>
 *     IDLE ── interested ──→ ARMED ── not interested, closed, much is held ──→ CANCELLING
 *       ↑                      │ end, failure, no buffer                          │
 *       └──────────────────────┴────────────────── completed ─────────────────────┘
 * </pre>
 *
 * It receives into the selector's buffers. A peer that sends much at a time is read otherwise: the request only waits for
 * input, and a read goes to the socket, so that no more is taken than the reader asks for. For the selector's thread.
 */
final class InputRequest {
    /** A peer sends much if so much of it is held at a time. */
    private static final int MUCH = 64 * 1024;
    /** It does no more if so many reads of the socket in a row bring less than {@link #LITTLE}. */
    private static final int LITTLE_READS = 8;

    private static final int LITTLE = 4 * 1024;

    private final ReceiveBuffers buffers;
    private final Received received;
    private RequestState state = RequestState.IDLE;
    /** Whether receiving has begun at some time. */
    private boolean begun;
    /** Whether the peer sends much. */
    private boolean isBulk;
    /** Whether the request only waits. */
    private boolean isWaiting;
    /** Whether the socket is said to have input. */
    private boolean socketReady;

    private int littleReads;
    private boolean ended;
    private @Nullable IOException failure;

    InputRequest(ReceiveBuffers buffers) {
        this.buffers = buffers;
        this.received = new Received(buffers);
    }

    /** What was received and not read. */
    Received received() {
        return received;
    }

    boolean isIdle() {
        return state == RequestState.IDLE;
    }

    /** Whether a read has something to say. */
    boolean isReady() {
        return received.size() > 0 || ended || failure != null || socketReady;
    }

    /** Whether so much is held that receiving has to stop. */
    boolean holdsMuch() {
        return received.size() > MUCH;
    }

    // The request

    /**
     * Makes the request, or has it cancelled.
     *
     * @param reads whether the key is interested in reading
     * @param over whether the channel is closed or the key cancelled
     * @return whether the request is to be cancelled
     */
    boolean update(Ring ring, int socket, int slot, boolean reads, boolean over) {
        if (!reads) {
            received.moveToHeap();
        }
        if (state == RequestState.IDLE && reads && !isReady()) {
            arm(ring, socket, RingKeys.data(slot, RingKeys.RECEIVE));
        } else if (state == RequestState.ARMED && (over || (!reads && !isWaiting) || holdsMuch())) {
            isBulk |= holdsMuch();
            state = RequestState.CANCELLING;
            return true;
        }
        return false;
    }

    private void arm(Ring ring, int socket, long data) {
        isWaiting = isBulk;
        if (isBulk) {
            ring.poll(socket, Ring.POLL_IN, data);
        } else {
            ring.receive(socket, !begun, data);
            begun = true;
        }
        state = RequestState.ARMED;
    }

    /** Cancelling has failed; what is still there is to be cancelled once more. */
    void onCancelFailed() {
        if (state == RequestState.CANCELLING) {
            state = RequestState.ARMED;
        }
    }

    /** Input has come, or the request has ended. Returns whether it has ended for want of buffers. */
    boolean onReceived(int result, int flags) {
        if (isWaiting) {
            state = RequestState.IDLE;
            socketReady = result != -Errno.ECANCELED;
            return false;
        }
        if ((flags & Ring.BUFFER) != 0) {
            hold(flags >>> 16, Math.max(0, result), (flags & Ring.BUFFER_MORE) != 0);
        }
        if ((flags & Ring.MORE) != 0) {
            return false;
        }
        state = RequestState.IDLE;
        if (result == 0) {
            ended = true;
        } else if (result < 0 && result != -Errno.ENOBUFS && result != -Errno.ECANCELED) {
            failure = Errno.read(-result);
        }
        return result == -Errno.ENOBUFS;
    }

    private void hold(int buffer, int length, boolean more) {
        int begin = buffers.received(buffer, length, more);
        if (length > 0) {
            received.add(begin, length);
        }
    }

    // Reading

    /**
     * Reads what was received.
     *
     * @return how many bytes, -1 at the end, or 0 if the socket itself is to be asked
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

    /** The socket itself was read, with this result, by a reader that had room for more or not. */
    void onSocketRead(int read, boolean hadRoom) {
        ended |= read < 0;
        if (hadRoom) {
            socketReady = false;
        }
        if (read >= LITTLE) {
            littleReads = 0;
        } else if (++littleReads == LITTLE_READS) {
            littleReads = 0;
            isBulk = false;
        }
    }
}
