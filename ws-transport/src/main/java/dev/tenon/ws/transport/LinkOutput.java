package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of a link: sends through the {@link Outflow}, and ends the socket when the last byte has left. When
 * writing fails, the link is not closed at once: what the peer has sent before it stopped reading, such as a Close frame,
 * may say why, and is read and delivered first, as far as the protocol takes it within seconds.
 */
final class LinkOutput extends Outflow {
    /** How long a link whose writing has failed may still be read. */
    private static final long REST_NANOS = 5_000_000_000L;

    private final Link link;
    /** Why writing has failed, while the link is still read. */
    private @Nullable IOException failure;

    LinkOutput(Link link, Socket socket) {
        super(socket, link.loop().buffers());
        this.link = link;
    }

    /** Sends bytes to the socket as they are, or queues them behind what waits already. */
    void transmit(Gather gather, @Nullable ByteBuffer body) {
        if (link.isClosed()) {
            return;
        }
        try {
            if (send(gather, body)) {
                link.updateInterest();
                link.updateDeadline(); // the peer has to take something in time
            }
            link.loop().limitOutbound();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Sends what waits, up to a turn's worth, and tells the protocol. */
    void proceed() {
        boolean empty;
        try {
            empty = drain();
        } catch (IOException e) {
            failed(e);
            return;
        }
        if (empty) { // before the protocol is told: what it sends then begins a queue of its own
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

    /** Closes the link if writing has failed, nothing more is read, and nothing that was read waits for the protocol. */
    void closeIfFailed() {
        if (failure != null && !link.input.isReading() && link.input.isEmpty()) {
            link.close(failure);
        }
    }

    /** Chooses what follows the last byte, and does it if that has left; closing goes before shutting down. */
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

    /** Does what is to follow the last byte, if that has left. */
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

    /** Closes the socket; with a cause, what has not left stays counted as not sent. */
    void close(@Nullable IOException cause) {
        if (cause == null) {
            clear();
        } else {
            fail(0);
        }
        try {
            socket().close();
        } catch (IOException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
    }
}
