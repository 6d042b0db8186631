package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of a link: sends through the {@link Outflow}, and closes the socket after the last byte. If writing
 * fails, the link first reads and delivers the bytes that the peer has sent before, for some seconds at most, because a
 * Close frame among them may give the reason.
 */
final class LinkOutput extends Outflow {
    /** How long a link is still read after writing has failed. */
    private static final long REST_NANOS = 5_000_000_000L;

    private final Link link;
    /** The failure of writing, while the link is still read. */
    private @Nullable IOException failure;

    LinkOutput(Link link, Socket socket) {
        super(socket, link.loop().buffers());
        this.link = link;
    }

    /** Sends bytes to the socket unencrypted, or queues them behind waiting ones. */
    void transmit(GatheredBuffers gathered, @Nullable ByteBuffer body) {
        if (link.isClosed()) {
            return;
        }
        try {
            if (send(gathered, body)) {
                link.updateInterest();
                link.updateDeadline(); // the deadline for the peer to read something begins
            }
            link.loop().limitOutbound();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** The protocol holds more bytes back, or fewer; once the link is closed, they are no longer charged to the loop. */
    void holdBack(long change) {
        if (!link.isClosed()) {
            hold(change);
            link.loop().limitOutbound();
        }
    }

    /** The protocol begins or ends to hold back a shared frame. */
    void holdBack(ByteBuffer frame, boolean held) {
        if (link.isClosed()) {
            return;
        }
        if (held) {
            hold(frame);
            link.loop().limitOutbound();
        } else {
            releaseFrame();
        }
    }

    /** Sends waiting bytes, up to the budget of a turn, and notifies the protocol. */
    void proceed() {
        boolean empty;
        try {
            empty = drain();
        } catch (IOException e) {
            failed(e);
            return;
        }
        if (empty) { // before the protocol is notified, because its next bytes begin a new queue
            link.updateInterest();
        }
        link.protocol().progressed();
        if (empty) {
            endIfEmpty();
            if (!link.isClosed()) {
                link.protocol().writable();
            }
        }
    }

    private void failed(IOException cause) {
        failure = cause;
        link.broken = true;
        link.updateInterest();
        closeIfFailed();
        if (!link.isClosed()) {
            link.loop().schedule(REST_NANOS, () -> link.close(cause));
        }
    }

    /** Closes the link if writing has failed, reading has ended, and the protocol has consumed all bytes. */
    void closeIfFailed() {
        if (failure != null && !link.input.isReading() && link.input.isEmpty() && !link.keepsRecords()) {
            link.close(failure);
        }
    }

    /**
     * Sets the action after the last byte, and performs it if that has been sent. Closing has priority over shutting
     * down.
     */
    void finish(End next) {
        if (link.isClosed() || end() == End.CLOSE) {
            return;
        }
        try {
            link.closeTlsOutput();
        } catch (IOException e) {
            link.close(e);
            return;
        }
        if (hasFailed() && next == End.CLOSE) {
            link.close(failure);
        } else {
            endWith(next);
            endIfEmpty();
        }
    }

    /** Performs the action after the last byte, if that has been sent. */
    private void endIfEmpty() {
        if (link.isClosed() || !isEmpty()) {
            return;
        }
        if (end() == End.CLOSE) {
            link.close(null);
        } else if (end() == End.SHUT_DOWN) {
            try {
                socket().shutdownOutput();
            } catch (IOException e) {
                link.close(e);
            }
        }
    }

    /** Closes the socket. With a cause, waiting bytes stay counted as not sent. */
    void close(@Nullable IOException cause) {
        if (cause == null) {
            clear();
        } else {
            fail(0);
        }
        forgetHeld();
        try {
            socket().close();
        } catch (IOException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
    }
}
