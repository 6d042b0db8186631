package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a key that the socket has not taken, and the kernel's request that sends them. For the selector's
 * thread.
 */
final class RestRequest {
    private final RingKeys ring;
    private final UringKey key;
    private final Descriptor descriptor;
    private RestBuffers.@Nullable Buffer rest;
    /** Whether the kernel has the request. */
    private boolean isSending;

    RestRequest(RingKeys ring, UringKey key, Descriptor descriptor) {
        this.ring = ring;
        this.key = key;
        this.descriptor = descriptor;
    }

    boolean isEmpty() {
        return rest == null;
    }

    boolean isSending() {
        return isSending;
    }

    /** Copies bytes. There must be none yet. If the system has no memory for them, the key fails. */
    void keep(ByteBuffer unsent) {
        int count = unsent.remaining();
        try {
            rest = ring.rests().copyOf(unsent);
        } catch (OutOfMemoryError e) { // later bytes would follow a gap
            String lost = "the system has no memory for " + count + " bytes that the socket has not taken";
            ring.fail(key, new IOException(lost, e));
        }
    }

    /** Makes the request if it is needed and there is none. Drops the bytes if the descriptor is closed. */
    void update(Requests requests) {
        ByteBuffer unsent = bytes();
        if (unsent == null || isSending) {
            return;
        }
        if (!descriptor.isOpen()) {
            clear();
            return;
        }
        isSending = true;
        requests.sendInTime(
                descriptor.number(),
                MemorySegment.ofBuffer(unsent).address(),
                unsent.remaining(),
                UserData.of(key.slot, UserData.SEND_REST),
                UserData.of(key.slot, UserData.IGNORED));
    }

    /**
     * Handles the completion of the request. If time is over, the next update makes it again.
     *
     * @throws IOException if sending has failed
     */
    void onSent(int result) throws IOException {
        isSending = false;
        ByteBuffer sent = bytes();
        if (sent == null) {
            return;
        }
        if (result < 0 && result != -Errno.ECANCELED && result != -Errno.EINTR) {
            clear();
            throw new IOException(Libc.describe(-result));
        }
        sent.position(sent.position() + Math.max(0, result));
        if (!sent.hasRemaining()) {
            clear();
        }
    }

    /** Returns the bytes, or null if there are none. */
    @Nullable
    ByteBuffer bytes() {
        return rest == null ? null : rest.bytes();
    }

    /** Drops the bytes. The kernel must have no request for them. */
    void clear() {
        RestBuffers.Buffer unused = rest;
        if (unused != null) {
            rest = null;
            ring.rests().release(unused);
        }
    }
}
