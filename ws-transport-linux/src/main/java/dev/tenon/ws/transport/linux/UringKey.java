package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectionKey;

/**
 * The registration of a channel with a selector, and the requests that the kernel has for the channel: at most one for
 * input, and at most one poll for another event.
 *
 * <p>{@link #interestOps(int)} and {@link #cancel} may be called from any thread, everything else from the selector's
 * thread.
 */
final class UringKey extends AbstractSelectionKey {
    private final UringSelector selector;
    private final RingKeys ring;
    private final RegisteredChannel channel;
    final InputRequest input;
    final OutputRequest output;
    private RequestState polling = RequestState.IDLE;
    /** The number of cancellations that the kernel has not completed yet. */
    private int cancellations;
    /** The {@linkplain Requests#count number} of the last request that may name the descriptor. */
    private long lastRequest;
    /** The operations that a poll has found ready and that are not yet reported. */
    private int polled;

    private volatile int interest;
    private int ready;

    /** The number that completions carry for this key; -1 before the selector has processed the key. */
    int slot = -1;
    /** Whether the key is cancelled, and the selector keeps it only as long as it is needed. */
    boolean isLeaving;
    /** Whether the key is scheduled for an update. */
    boolean isChanged;
    /** Whether the key is scheduled for a report. */
    boolean isQueued;

    UringKey(UringSelector selector, RingKeys ring, RegisteredChannel channel, int interest) {
        this.selector = selector;
        this.ring = ring;
        this.channel = channel;
        this.input = new InputRequest(ring.buffers());
        this.output = new OutputRequest(ring, this, channel.descriptor());
        this.interest = interest;
    }

    @Override
    public SelectableChannel channel() {
        return channel.channel();
    }

    @Override
    public UringSelector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        requireValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        requireValid();
        if ((ops & ~channel().validOps()) != 0) {
            throw new IllegalArgumentException("the channel does not support these operations: " + ops);
        }
        interest = ops;
        selector.changed(this);
        return this;
    }

    @Override
    public int readyOps() {
        requireValid();
        return ready;
    }

    /** Sets the result of {@link #readyOps}. */
    void ready(int ops) {
        ready = ops;
    }

    private void requireValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    RegisteredChannel registered() {
        return channel;
    }

    // Bytes

    /** Reads received bytes, or the socket itself if there are none. */
    int read(ByteBuffer into) throws IOException {
        if (!selector.isOwner()) { // the selector has not processed this key yet
            return readNow(into);
        }
        selector.lock();
        try {
            return readNow(into);
        } finally {
            selector.unlock();
        }
    }

    private int readNow(ByteBuffer into) throws IOException {
        int received = input.read(into);
        if (received != 0 || !ring.isUpToDate()) {
            return received;
        }
        int read = SocketBytes.read(channel.descriptor(), into);
        input.onSocketRead(read, into.hasRemaining());
        return read;
    }

    /** Writes as many bytes as are accepted. */
    int write(ByteBuffer bytes) throws IOException {
        selector.lock();
        try {
            return output.write(bytes);
        } finally {
            selector.unlock();
        }
    }

    /** Writes buffers in order, as many bytes as are accepted. */
    long write(ByteBuffer[] buffers, int offset, int count) throws IOException {
        selector.lock();
        try {
            return output.write(buffers, offset, count);
        } finally {
            selector.unlock();
        }
    }

    // Requests

    /** Makes the requests that the interest needs, and cancels those that it no longer needs. */
    void update(Requests requests) {
        boolean open = channel.isOpen();
        if (!open) {
            input.received().clear();
            closeDescriptor();
        }
        long before = requests.count();
        boolean over = !open || !isValid();
        int ops = over ? 0 : interest;
        int socket = channel.descriptor().number();
        boolean reads = (ops & SelectionKey.OP_READ) != 0 && channel.isConnected();
        if (input.update(requests, socket, slot, reads, over)) {
            cancel(requests, UserData.RECEIVE, UserData.CANCEL_RECEIVE);
        }
        output.update(requests);
        if (!output.isReady()) {
            ops &= ~SelectionKey.OP_WRITE;
        }
        updatePolling(requests, socket, ops & ~SelectionKey.OP_READ & ~polled, over);
        if (requests.count() > before) {
            onQueued(requests);
        }
    }

    /** The last queued request may name the descriptor. */
    void onQueued(Requests requests) {
        lastRequest = requests.count();
    }

    /**
     * Sends the bytes that the channel has accepted, as far as the socket takes them, and closes the descriptor. If the
     * kernel has not taken all requests that name the descriptor, a later update closes it: another socket may get its
     * number.
     */
    void closeDescriptor() {
        selector.lock();
        try {
            if (output.close() && ring.areSubmitted(lastRequest)) {
                channel.descriptor().close();
            } else {
                selector.changed(this);
            }
        } finally {
            selector.unlock();
        }
    }

    /** Ends the outbound direction after the last byte. May be called from any thread. */
    void shutdownOutput() throws IOException {
        if (selector.isOwner()) {
            selector.lock();
            try {
                output.end();
            } finally {
                selector.unlock();
            }
        } else {
            output.requestEnd();
            selector.closedElsewhere(this);
        }
    }

    private void updatePolling(Requests requests, int socket, int ops, boolean over) {
        if (polling == RequestState.IDLE && ops != 0) {
            int events = ops == SelectionKey.OP_ACCEPT ? Requests.POLL_IN : Requests.POLL_OUT;
            requests.poll(socket, events, UserData.of(slot, UserData.POLL));
            polling = RequestState.ARMED;
        } else if (polling == RequestState.ARMED && over) {
            cancel(requests, UserData.POLL, UserData.CANCEL_POLL);
            polling = RequestState.CANCELLING;
        }
    }

    private void cancel(Requests requests, int request, int cancellation) {
        requests.cancel(UserData.of(slot, request), UserData.of(slot, cancellation));
        cancellations++;
    }

    /** Whether this key is needed: the kernel has a request for it, or bytes wait for one. */
    boolean hasRequests() {
        return isInKernel() || output.isBusy();
    }

    /** Whether the selector can let go of this cancelled key. */
    boolean isUnused() {
        return isLeaving && !hasRequests();
    }

    /** Whether the kernel has a request for this key. */
    boolean isInKernel() {
        return !input.isIdle() || output.hasRequest() || polling != RequestState.IDLE || cancellations > 0;
    }

    // Completions

    /** Handles the completion of a poll. If the poll has failed, the operation itself will report the reason. */
    void onPolled(int result) {
        polling = RequestState.IDLE;
        if (result != -Errno.ECANCELED) {
            polled = channel.channel().validOps() & ~SelectionKey.OP_READ;
        }
    }

    /**
     * Handles the completion of a cancellation. If the kernel has found no request or was too late, a later update
     * cancels the remaining request again.
     *
     * @return whether this key needs an update
     */
    boolean onCancelled(boolean receive, int result) {
        cancellations--;
        if (result >= 0) {
            return false;
        }
        if (receive) {
            input.onCancelFailed();
        } else if (polling == RequestState.CANCELLING) {
            polling = RequestState.ARMED;
        }
        return true;
    }

    /** Returns the operations that are ready and in which this key is interested. Forgets the results of polls. */
    int takeReady() {
        if (!isValid()) {
            return 0;
        }
        int ops = interest;
        int now = (polled & ops) | (input.isReady() ? ops & SelectionKey.OP_READ : 0);
        polled = 0;
        return now;
    }

    /** Whether the key is ready for reading without another completion. */
    boolean isInputReady() {
        return input.isReady() && isValid() && (interest & SelectionKey.OP_READ) != 0;
    }

    /** Whether the key may need a new request: a poll reports one event only, and receiving may have ended. */
    boolean needsRequest() {
        return input.isIdle() || (polling == RequestState.IDLE && isValid() && (interest & ~SelectionKey.OP_READ) != 0);
    }
}
