package dev.tenon.ws.connection;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that were sent by the application and have not left yet. This class counts them, decides whether there is
 * room for more, and reports when there is room again and when a message has left.
 *
 * <pre>
 *     sent → [fragments that wait] → written → [what waits on the wire] → left
 *            └──────────────────── backlog() ─────────────────────────┘
 * </pre>
 *
 * <p>For the connection's own thread only, except {@link #buffered}.
 */
abstract class Backlog {
    final CloseHandshake handshake;
    final ConnectionOptions options;
    final Wire wire;
    final FrameWriter last;
    private @Nullable SentQueue awaited;
    private boolean congested;
    /** Whether the current message was already accepted, so that the limit must not refuse it. */
    private boolean unlimited;

    Backlog(CloseHandshake handshake, ConnectionOptions options, Wire wire, FrameWriter last) {
        this.handshake = handshake;
        this.options = options;
        this.wire = wire;
        this.last = last;
    }

    // The bytes that wait

    /** Returns the number of bytes that wait. */
    final long backlog() {
        FragmentQueue fragments = last.fragments();
        return fragments == null ? wire.backlog() : wire.backlog() + fragments.bytes();
    }

    /** Returns the number of bytes that wait, as any thread sees it. */
    final long buffered() {
        FragmentQueue fragments = last.fragmentsSeenByAll();
        return fragments == null ? wire.backlog() : wire.backlog() + fragments.bytes();
    }

    /** Whether there is no room for the given number of bytes. */
    final boolean refuses(int length) {
        long backlog = backlog();
        boolean full = backlog > 0 && backlog + length > options.outboundLimit() && !unlimited;
        congested |= full;
        return full;
    }

    /** Returns the result for a message that was accepted. */
    final SendResult accepted() {
        if (backlog() > options.highWaterMark()) {
            congested = true;
            return SendResult.CONGESTED;
        }
        return SendResult.QUEUED;
    }

    /** Disables the limit, or enables it again. */
    final void unlimited(boolean unlimited) {
        this.unlimited = unlimited;
    }

    /** Whether more bytes than the high-water mark wait on the wire, so that frames that can wait do so. */
    final boolean isFull() {
        return wire.backlog() > options.highWaterMark();
    }

    // Room

    /** Records that the application waits for room. */
    final void notifyWhenWritable() {
        congested = true;
    }

    /** Completes a future as soon as no bytes wait; fails it if the connection has ended. */
    final void whenWritable(CompletableFuture<@Nullable Void> room) {
        if (handshake.isEnded()) {
            room.completeExceptionally(new IOException("the connection has ended"));
        } else if (backlog() == 0) {
            room.complete(null);
        } else {
            awaited().addForRoom(room);
        }
    }

    /** No bytes wait on the wire any more. Returns whether the application waits for room and there is room. */
    final boolean drained() {
        proceed();
        if (backlog() > 0) {
            return false;
        }
        if (awaited != null) {
            awaited.room();
        }
        boolean wasCongested = congested;
        congested = false;
        return wasCongested;
    }

    // The bytes that have left

    /**
     * Completes a future when all bytes that have been sent so far have left; fails it if the connection has ended.
     *
     * @param later schedules a call of {@link #flushed} after the current event. It runs when the last of these bytes
     *     is written, because the wire reports nothing about bytes that leave at once
     */
    final void whenSent(CompletableFuture<@Nullable Void> sent, Runnable later) {
        FragmentQueue fragments = last.fragments();
        if (handshake.isLost()) {
            sent.completeExceptionally(new IOException("the connection has ended"));
        } else if (!last.unflushed() && backlog() == 0) {
            sent.complete(null);
        } else if (fragments != null && !fragments.isEmpty()) {
            fragments.whenPassed(() -> await(sent, later), sent);
        } else {
            await(sent, later);
        }
    }

    private void await(CompletableFuture<@Nullable Void> sent, Runnable later) {
        awaited().add(last.written(), sent);
        later.run();
    }

    private SentQueue awaited() {
        if (awaited == null) {
            awaited = new SentQueue();
        }
        return awaited;
    }

    /** The wire has tried to send all written bytes: the backlog of the wire is all that has not left. */
    final void flushed() {
        last.flushed();
        if (awaited != null) {
            awaited.left(left());
        }
        proceed();
    }

    /** Sends frames that have waited, as far as there is room. */
    abstract void proceed();

    /** How many of the written bytes have left the wire so far. */
    private long left() {
        return last.written() - wire.backlog();
    }

    /** How many bytes have left the wire so far, as the wire counts them. */
    final long leftOnWire() {
        long left = wire.left();
        return left < 0 ? left() : left;
    }

    // The end

    /** Closes the wire once all bytes have left. */
    final void finish() {
        FragmentQueue fragments = last.fragments();
        if (fragments == null || !fragments.holdsBack(wire::finish)) {
            wire.finish();
        }
    }

    /** Ends the output of the wire once all bytes have left. */
    final void shutdownOutput() {
        FragmentQueue fragments = last.fragments();
        if (fragments == null || !fragments.holdsBack(wire::shutdownOutput)) {
            wire.shutdownOutput();
        }
    }

    /** The connection has ended: drops all bytes that have not left, and fails their futures. */
    void release(@Nullable Throwable cause) {
        SentQueue never = awaited;
        awaited = null;
        FragmentQueue fragments = last.fragments();
        last.release();
        if (never == null && fragments == null) { // the usual case, in which the stack trace would cost the most
            return;
        }
        IOException lost = new IOException("the connection has ended", cause);
        if (fragments != null) {
            fragments.release(lost);
        }
        if (never != null) {
            never.fail(lost);
        }
    }
}
