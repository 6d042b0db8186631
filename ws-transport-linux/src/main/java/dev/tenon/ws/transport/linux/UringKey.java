package dev.tenon.ws.transport.linux;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectionKey;

/**
 * A channel registered with a selector, and the requests that the kernel has for it: at most one for input, and one that
 * waits for another event.
 *
 * <p>{@link #interestOps(int)} and {@link #cancel} may be called from any thread, everything else from the selector's.
 */
final class UringKey extends AbstractSelectionKey {
    private final UringSelector selector;
    private final RegisteredChannel channel;
    final InputRequest input;
    private RequestState polling = RequestState.IDLE;
    /** Cancellations that the kernel has not answered. */
    private int cancellations;
    /** Operations of which a poll has told, and that were not reported yet. */
    private int polled;

    private volatile int interest;
    private int ready;

    /** The number by which completions name this key, -1 before the selector has seen it. */
    int slot = -1;
    /** Whether the selector is going to look at it before it waits. */
    boolean isChanged;
    /** Whether the selector is going to report it. */
    boolean isQueued;

    UringKey(UringSelector selector, RegisteredChannel channel, int interest) {
        this.selector = selector;
        this.channel = channel;
        this.input = new InputRequest(selector.buffers());
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
            throw new IllegalArgumentException("operations that the channel does not have: " + ops);
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

    /** Sets what {@link #readyOps} says. */
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

    // Requests

    /** Gives the kernel the requests that the interest needs, and takes back those that it does not. */
    void update(Ring ring) {
        boolean open = channel.isOpen();
        if (!open) {
            input.received().clear();
            channel.descriptor().close();
        }
        boolean over = !open || !isValid();
        int ops = over ? 0 : interest;
        int socket = channel.descriptor().number();
        boolean reads = (ops & SelectionKey.OP_READ) != 0 && channel.isConnected();
        if (input.update(ring, socket, slot, reads, over)) {
            cancel(ring, RingKeys.RECEIVE, RingKeys.CANCEL_RECEIVE);
        }
        updatePolling(ring, socket, ops & ~SelectionKey.OP_READ & ~polled, over);
    }

    private void updatePolling(Ring ring, int socket, int ops, boolean over) {
        if (polling == RequestState.IDLE && ops != 0) {
            int events = ops == SelectionKey.OP_ACCEPT ? Ring.POLL_IN : Ring.POLL_OUT;
            ring.poll(socket, events, RingKeys.data(slot, RingKeys.POLL));
            polling = RequestState.ARMED;
        } else if (polling == RequestState.ARMED && over) {
            cancel(ring, RingKeys.POLL, RingKeys.CANCEL_POLL);
            polling = RequestState.CANCELLING;
        }
    }

    private void cancel(Ring ring, int request, int cancellation) {
        ring.cancel(RingKeys.data(slot, request), RingKeys.data(slot, cancellation));
        cancellations++;
    }

    /** Whether the kernel has a request for this key. */
    boolean hasRequests() {
        return !input.isIdle() || polling != RequestState.IDLE || cancellations > 0;
    }

    // Completions

    /** An event has come, or a poll has failed: the operation will say why. */
    void onPolled(int result) {
        polling = RequestState.IDLE;
        if (result != -Errno.ECANCELED) {
            polled = channel.channel().validOps() & ~SelectionKey.OP_READ;
        }
    }

    /**
     * The kernel has answered a cancellation. If it has found nothing to cancel, or was late, what is still there is cancelled
     * once more.
     *
     * @return whether this key is to be looked at
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

    /** The operations that are ready and that this key is interested in. */
    int takeReady() {
        if (!isValid()) {
            return 0;
        }
        int ops = interest;
        int now = (polled & ops) | (input.isReady() ? ops & SelectionKey.OP_READ : 0);
        polled = 0;
        return now;
    }

    /** Whether reading is reported without another completion. */
    boolean isInputReady() {
        return input.isReady() && isValid() && (interest & SelectionKey.OP_READ) != 0;
    }

    /** Whether it may need a request: a poll that has told of an event does not do so again, and receiving may have ended. */
    boolean needsRequest() {
        return input.isIdle() || (polling == RequestState.IDLE && isValid() && (interest & ~SelectionKey.OP_READ) != 0);
    }
}
