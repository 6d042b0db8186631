package dev.tenon.ws.connection;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and has not left, because the peer is slower: how much it is, whether there is room for more, and who is
 * told when there is room again, or when a message has left.
 *
 * <pre>
 *     sent → [fragments that wait] → written → [what waits on the wire] → left
 *            └──────────────────── backlog() ─────────────────────────┘
 * </pre>
 *
 * <p>For the connection's own thread, but for {@link #buffered}.
 */
abstract class Backlog {
    final CloseHandshake handshake;
    final ConnectionOptions options;
    final Wire wire;
    final FrameWriter last;
    private @Nullable SentQueue awaited;
    private boolean congested;
    /** Whether what is sent now was taken before, so that the limit does not refuse it. */
    private boolean unlimited;

    Backlog(CloseHandshake handshake, ConnectionOptions options, Wire wire, FrameWriter last) {
        this.handshake = handshake;
        this.options = options;
        this.wire = wire;
        this.last = last;
    }

    // How much waits

    /** Bytes that wait. */
    final long backlog() {
        FragmentQueue fragments = last.fragments();
        return fragments == null ? wire.backlog() : wire.backlog() + fragments.bytes();
    }

    /** Bytes that wait, as any thread sees it. */
    final long buffered() {
        FragmentQueue fragments = last.fragmentsSeenByAll();
        return fragments == null ? wire.backlog() : wire.backlog() + fragments.bytes();
    }

    /** Whether there is no room for some bytes more. */
    final boolean refuses(int length) {
        long backlog = backlog();
        boolean full = backlog > 0 && backlog + length > options.outboundLimit() && !unlimited;
        congested |= full;
        return full;
    }

    /** What a sender is told whose message was taken. */
    final SendResult taken() {
        if (backlog() > options.highWaterMark()) {
            congested = true;
            return SendResult.CONGESTED;
        }
        return SendResult.QUEUED;
    }

    /** From here on, the limit refuses nothing, or does so again. */
    final void unlimited(boolean unlimited) {
        this.unlimited = unlimited;
    }

    /** Whether so much waits on the wire that what can wait elsewhere does. */
    final boolean isFull() {
        return wire.backlog() > options.highWaterMark();
    }

    // Room

    /** The application waits for room. */
    final void requireWritable() {
        congested = true;
    }

    /** Completes as soon as nothing waits any more; fails if the connection has ended. */
    final void whenWritable(CompletableFuture<@Nullable Void> room) {
        if (handshake.isEnded()) {
            room.completeExceptionally(new IOException("the connection has ended"));
        } else if (backlog() == 0) {
            room.complete(null);
        } else {
            awaited().addForRoom(room);
        }
    }

    /** Nothing waits on the wire any more; returns whether the application has to be told. */
    final boolean drained() {
        proceed();
        if (backlog() > 0) {
            return false;
        }
        if (awaited != null) {
            awaited.room();
        }
        boolean told = congested;
        congested = false;
        return told;
    }

    // What has left

    /**
     * Completes a future when all that was sent so far has left; fails it if that can never be.
     *
     * @param later has {@link #flushed} called behind the event at hand; run when the last of these bytes is written, since the
     *     wire need not say anything about bytes that leave at once
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

    /** All that was written has been tried: what waits on the wire now is all that has not left. */
    final void flushed() {
        last.flushed();
        if (awaited != null) {
            awaited.left(left());
        }
        proceed();
    }

    /** Sends what can wait no longer. */
    abstract void proceed();

    /** How many bytes the peer's side of the wire has taken so far. */
    final long left() {
        return last.written() - wire.backlog();
    }

    // The end

    /** Has the wire close once all that was sent has left. */
    final void finish() {
        FragmentQueue fragments = last.fragments();
        if (fragments == null || !fragments.holdsBack(wire::finish)) {
            wire.finish();
        }
    }

    /** Has the wire end its output once all that was sent has left. */
    final void shutdownOutput() {
        FragmentQueue fragments = last.fragments();
        if (fragments == null || !fragments.holdsBack(wire::shutdownOutput)) {
            wire.shutdownOutput();
        }
    }

    /** The connection is over: what has not left never will. */
    void release(@Nullable Throwable cause) {
        IOException lost = new IOException("the connection has ended", cause);
        last.release(lost);
        SentQueue never = awaited;
        awaited = null;
        if (never != null) {
            never.fail(lost);
        }
    }
}
