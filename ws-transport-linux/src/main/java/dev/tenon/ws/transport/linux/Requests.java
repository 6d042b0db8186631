package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The queue of requests to the kernel, and the requests that this module makes:
 *
 * <pre>
 *     head (kernel) ── submitted ── tail ── room
 *                          └ not submitted ┘
 * </pre>
 *
 * For the selector's thread.
 */
final class Requests {
    /** The size of a request, in bytes. */
    static final int REQUEST = 64;

    static final int POLL_IN = 0x1;
    static final int POLL_OUT = 0x4;

    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_ASYNC_CANCEL = 14;
    private static final byte OP_LINK_TIMEOUT = 15;
    private static final byte OP_SEND = 26;
    private static final byte OP_RECV = 27;
    private static final byte LINK = 1 << 2;
    private static final byte BUFFER_SELECT = 1 << 5;
    private static final byte SKIP_SUCCESS = 1 << 6;
    private static final short RECV_POLL_FIRST = 1;
    private static final short RECV_MULTISHOT = 1 << 1;
    private static final int POLL_ADD_MULTI = 1;
    private static final int CANCEL_ALL = 1;
    private static final int CANCEL_ANY = 1 << 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITALL = 0x100;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** How long the kernel tries to send the rest of the bytes of a closed channel. */
    private static final long REST_SECONDS = 30;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final RingFile file;
    private final MemorySegment requests;
    /** The longest time to send a rest, as a {@code struct __kernel_timespec}. */
    private final MemorySegment restLimit;

    private final long tailOffset;
    private final int mask;
    /** The number of requests that were ever queued. Its lower bits are the tail that the kernel sees. */
    private long tail;
    /** The value of {@code tail} up to which the requests are submitted. */
    private long submitted;

    Requests(RingFile file) {
        this.file = file;
        this.requests = file.requests;
        this.restLimit = file.allocate(16, 8);
        restLimit.set(JAVA_LONG, 0, REST_SECONDS);
        this.tailOffset = file.requestOffsets.get(JAVA_INT, 4);
        this.mask = file.rings.get(JAVA_INT, file.requestOffsets.get(JAVA_INT, 8));
    }

    /** Whether this number of requests can be queued before the next submission. */
    boolean hasRoomFor(int count) {
        return tail - submitted + count <= mask + 1;
    }

    /** Shows the kernel the queued requests. Returns how many are not submitted. */
    int publish() {
        INT.setRelease(file.rings, tailOffset, (int) tail);
        return (int) (tail - submitted);
    }

    /** The kernel has taken this number of requests. */
    void submitted(int count) {
        submitted += count;
    }

    boolean areSubmitted() {
        return tail == submitted;
    }

    /** The number of requests that were queued up to now. */
    long count() {
        return tail;
    }

    /** Whether the kernel has taken all requests up to a {@link #count}. */
    boolean areSubmitted(long count) {
        return submitted >= count;
    }

    /** Queues the next request, with all other fields 0. Returns its offset. */
    private long next(int operation, int flags, int options, int descriptor, long data) {
        if (!hasRoomFor(1)) {
            throw new IllegalStateException("no room for another request");
        }
        long place = (tail++ & mask) * REQUEST;
        requests.set(JAVA_BYTE, place, (byte) operation);
        requests.set(JAVA_BYTE, place + 1, (byte) flags);
        requests.set(JAVA_SHORT, place + 2, (short) options);
        requests.set(JAVA_INT, place + 4, descriptor);
        requests.set(JAVA_LONG, place + 8, 0);
        requests.set(JAVA_LONG, place + 16, 0);
        requests.set(JAVA_LONG, place + 24, 0);
        requests.set(JAVA_LONG, place + 32, data);
        requests.set(JAVA_LONG, place + 40, 0);
        requests.set(JAVA_LONG, place + 48, 0);
        requests.set(JAVA_LONG, place + 56, 0);
        return place;
    }

    /**
     * Receives repeatedly into buffers of group 0, until the kernel ends it.
     *
     * @param empty whether the socket probably has no input yet, so that the kernel polls before it receives
     */
    void receive(int socket, boolean empty, long data) {
        next(OP_RECV, BUFFER_SELECT, empty ? RECV_MULTISHOT | RECV_POLL_FIRST : RECV_MULTISHOT, socket, data);
    }

    /**
     * Sends bytes during the submission, without waiting for room. The request completes only if the socket does not
     * take all bytes. When it is submitted, the kernel no longer needs the memory.
     */
    void send(int socket, long address, int length, long data) {
        // MSG_WAITALL makes a short send a failure, which completes with the number of bytes that were sent
        send(socket, address, length, SKIP_SUCCESS, MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL, data);
    }

    private void send(int socket, long address, int length, int flags, int options, long data) {
        long place = next(OP_SEND, flags, 0, socket, data);
        requests.set(JAVA_LONG, place + 16, address);
        requests.set(JAVA_INT, place + 24, length);
        requests.set(JAVA_INT, place + 28, options);
    }

    /**
     * Sends bytes and waits for room, at most 30 seconds; two requests. The first completes with the number of bytes
     * that were sent, or as cancelled if there were none in that time. The kernel needs the memory until then.
     *
     * @param limitData the user data of the second request
     */
    void sendInTime(int socket, long address, int length, long data, long limitData) {
        send(socket, address, length, LINK, MSG_WAITALL | MSG_NOSIGNAL, data);
        long place = next(OP_LINK_TIMEOUT, 0, 0, -1, limitData);
        requests.set(JAVA_LONG, place + 16, restLimit.address());
        requests.set(JAVA_INT, place + 24, 1);
    }

    /** Polls once. */
    void poll(int descriptor, int events, long data) {
        long place = next(OP_POLL_ADD, 0, 0, descriptor, data);
        requests.set(JAVA_INT, place + 28, events);
    }

    /** Polls and completes at each new event. */
    void pollAlways(int descriptor, int events, long data) {
        long place = next(OP_POLL_ADD, 0, 0, descriptor, data);
        requests.set(JAVA_INT, place + 24, POLL_ADD_MULTI);
        requests.set(JAVA_INT, place + 28, events);
    }

    /** Cancels the request with the given user data. Both requests complete. */
    void cancel(long request, long data) {
        long place = next(OP_ASYNC_CANCEL, 0, 0, -1, data);
        requests.set(JAVA_LONG, place + 16, request);
    }

    /** Cancels all requests. Each of them completes. */
    void cancelAll(long data) {
        long place = next(OP_ASYNC_CANCEL, 0, 0, -1, data);
        requests.set(JAVA_INT, place + 28, CANCEL_ALL | CANCEL_ANY);
    }
}
