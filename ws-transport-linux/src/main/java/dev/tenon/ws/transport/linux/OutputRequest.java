package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a key has accepted and the socket has not. Bytes of small writes wait in the {@link SendQueue} until
 * the selector's next system call, which sends them. If the socket does not take all of them, the rest is copied, and a
 * request of its own sends the rest; until then the key accepts no further bytes:
 *
 * <pre>
 *     EMPTY ── write ──→ QUEUED ── all sent ──→ EMPTY
 *                          └── not all ──→ REST ── all sent ──→ EMPTY
 * </pre>
 *
 * A failure is thrown by the next write. A closed descriptor is no obstacle to the rest, because the kernel keeps the
 * socket open while it has the request. For the selector's thread, except {@link #requestEnd}.
 */
final class OutputRequest {
    /**
     * The most bytes of one key in the send queue. Larger writes go to the socket at once, because copying them costs
     * more than a system call; and a key whose peer does not read accepts at most so many bytes too much.
     */
    static final int MOST_QUEUED = 4 * 1024;

    private final RingKeys ring;
    private final UringKey key;
    private final Descriptor descriptor;
    /** The bytes in the send queue: the index of the first one, and their number. */
    private int begin;

    private int length;
    /** Whether the kernel has a request that sends them. */
    private boolean isSubmitted;

    private final RestRequest rest;
    private @Nullable IOException failure;
    /** Whether the direction ends after the last byte. */
    private volatile boolean ends;

    OutputRequest(RingKeys ring, UringKey key, Descriptor descriptor) {
        this.ring = ring;
        this.key = key;
        this.descriptor = descriptor;
        this.rest = new RestRequest(ring, key, descriptor);
    }

    /** Whether there are bytes that the socket has not taken. */
    boolean isBusy() {
        return length > 0 || !rest.isEmpty() || rest.isSending();
    }

    /** Whether the kernel may have a request. */
    boolean hasRequest() {
        return isSubmitted || rest.isSending();
    }

    /** Whether a write can be accepted, or throws. */
    boolean isReady() {
        return rest.isEmpty();
    }

    // Writing

    /** Writes as many bytes as are accepted. */
    int write(ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        if (size > MOST_QUEUED || ring.isClosed()) {
            return canSendAtOnce() ? SocketBytes.write(descriptor, bytes) : 0;
        }
        if (!canQueue(size)) {
            return 0;
        }
        queue(bytes, size);
        return size;
    }

    /** Writes buffers in order, as many bytes as are accepted. */
    long write(ByteBuffer[] buffers, int offset, int count) throws IOException {
        long size = 0;
        for (int i = offset; i < offset + count; i++) {
            size += buffers[i].remaining();
        }
        if (size > MOST_QUEUED || ring.isClosed()) {
            return canSendAtOnce() ? SocketBytes.write(descriptor, buffers, offset, count) : 0;
        }
        if (!canQueue((int) size)) {
            return 0;
        }
        for (int i = offset; i < offset + count; i++) {
            queue(buffers[i], buffers[i].remaining());
        }
        return size;
    }

    private void queue(ByteBuffer bytes, int size) {
        if (size > 0) {
            if (length == 0) {
                begin = ring.sends().add(key);
            }
            ring.sends().copy(bytes);
            length += size;
        }
    }

    /** Makes room in the send queue. Returns false if there is none, because bytes wait that the socket did not take. */
    private boolean canQueue(int size) throws IOException {
        if (!rest.isEmpty()) {
            return false;
        }
        SendQueue sends = ring.sends();
        if (length > 0 && !(sends.endsAt(begin + length) && length + size <= MOST_QUEUED)) {
            flush();
        }
        if (!sends.hasRoomFor(size)) {
            ring.send();
        }
        throwFailure();
        return rest.isEmpty() && sends.hasRoomFor(size);
    }

    /** Sends what is queued, so that more can follow at once. Returns false if the socket did not take all. */
    private boolean canSendAtOnce() throws IOException {
        flush();
        throwFailure();
        return rest.isEmpty() && length == 0;
    }

    /** Sends the queued bytes of this key now, unless the kernel has a request for them. */
    private void flush() throws IOException {
        if (isQueued()) {
            int queued = length;
            int sent = SocketBytes.send(descriptor, ring.sends().address(begin), queued);
            length = 0; // whatever follows, none of these bytes is sent a second time
            if (sent < queued) {
                keep(sent, queued);
                ring.changed(key);
            }
        }
    }

    private void throwFailure() throws IOException {
        IOException thrown = failure;
        if (thrown != null) {
            throw new IOException(thrown.getMessage(), thrown);
        }
    }

    // The queued bytes

    /** Whether queued bytes need a request. */
    boolean isQueued() {
        return length > 0 && !isSubmitted;
    }

    /** Makes the request that sends the queued bytes. */
    void submit(Requests requests) {
        isSubmitted = true;
        requests.send(descriptor.number(), ring.sends().address(begin), length, UserData.of(key.slot, UserData.SEND));
    }

    /** The socket has not taken all queued bytes, but this number, or has failed. */
    void onShort(int result) {
        keep(result, length);
    }

    private void keep(int result, int queued) {
        if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
            failure = new IOException(Libc.describe(-result));
            return;
        }
        int sent = Math.max(0, result);
        rest.keep(ring.sends().slice(begin + sent, queued - sent));
    }

    /** Ends the output with a failure, which the next write throws. */
    void fail(IOException reason) {
        failure = reason;
    }

    /** The request is complete. */
    void onSubmitted() {
        isSubmitted = false;
        length = 0;
        if (ends || !key.isValid()) {
            ring.changed(key); // to end the direction, or to let go of the key
        }
    }

    // The rest

    /** Makes the request for the rest if there is none, and ends the direction if nothing is left to send. */
    void update(Requests requests) {
        if (ends) {
            endIfSent();
        }
        rest.update(requests);
    }

    private void endIfSent() {
        try {
            end();
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Handles the completion of the request for the rest. */
    void onRestSent(int result) {
        try {
            rest.onSent(result);
        } catch (IOException e) {
            failure = e;
        }
    }

    // The end

    /** Ends the direction after the last byte, at the next update. May be called from any thread. */
    void requestEnd() {
        ends = true;
    }

    /** Ends the direction now, or after the last byte if the socket does not take it now. */
    void end() throws IOException {
        flush();
        ends = isBusy();
        if (!ends) {
            descriptor.shutdown(Descriptor.SHUT_WR);
        }
    }

    /**
     * Sends what is queued, so that the descriptor can be closed.
     *
     * @return false if the kernel has not taken all requests that name the descriptor
     */
    boolean close() {
        try {
            flush();
            return !isSubmitted && (rest.isEmpty() || rest.isSending() || ring.sendRest(key));
        } catch (IOException e) {
            failure = e;
            return !isSubmitted;
        }
    }

    /**
     * Sends, without the ring, what the kernel has no request for. Returns whether nothing is left. If the kernel has a
     * request, it may have sent a part of the bytes already.
     */
    boolean sendWithoutRing() {
        if (hasRequest()) {
            return false;
        }
        ByteBuffer kept = rest.bytes();
        ByteBuffer left = kept == null ? ring.sends().slice(begin, length) : kept;
        length = 0;
        try {
            SocketBytes.write(descriptor, left);
        } catch (IOException e) {
            failure = e;
        }
        boolean all = !left.hasRemaining();
        rest.clear();
        return all;
    }
}
