package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of a link: sends through the {@link Outflow}, and ends the socket when the last byte has left. When
 * writing fails, the link is not closed at once: what the peer has sent before it stopped reading, such as a Close frame,
 * may say why, and is read and delivered first, as far as the protocol takes it within seconds.
 */
final class LinkOutput {
    /** How long a link whose writing has failed may still be read. */
    private static final long REST_NANOS = 5_000_000_000L;

    private final Link link;
    private final Socket socket;
    private final Outflow outflow;
    /** Why writing has failed, while the link is still read. */
    private @Nullable IOException failure;

    LinkOutput(Link link, Socket socket) {
        this.link = link;
        this.socket = socket;
        this.outflow = new Outflow(socket, link.loop().buffers());
    }

    boolean isEmpty() {
        return outflow.isEmpty();
    }

    boolean hasFailed() {
        return outflow.hasFailed();
    }

    long backlog() {
        return outflow.backlog();
    }

    /** How much memory what waits takes. */
    long cost() {
        return outflow.cost();
    }

    /** Sends bytes to the socket as they are, or queues them behind what waits already. */
    void send(Gather gather, @Nullable ByteBuffer body) {
        if (link.isClosed()) {
            return;
        }
        try {
            if (outflow.send(gather, body)) {
                link.updateInterest();
            }
            link.loop().limitOutbound();
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Sends what waits, up to a turn's worth, and tells the protocol. */
    void drain() {
        boolean empty;
        try {
            empty = outflow.drain();
        } catch (IOException e) {
            fail(e);
            return;
        }
        if (empty) { // before the protocol is told: what it sends then begins a queue of its own
            link.updateInterest();
        }
        link.protocol().progressed();
        if (empty) {
            end();
            if (!link.isClosed()) {
                link.protocol().writable();
            }
        }
    }

    private void fail(IOException cause) {
        failure = cause;
        link.updateInterest();
        closeIfFailed();
        if (!link.isClosed()) {
            link.loop().schedule(REST_NANOS, () -> link.close(cause));
        }
    }

    /** Closes the link if writing has failed, nothing more is read, and nothing that was read waits for the protocol. */
    void closeIfFailed() {
        if (failure != null && !link.input().isReading() && !link.input().hasKept()) {
            link.close(failure);
        }
    }

    /** Chooses what follows the last byte, and does it if that has left; closing goes before shutting down. */
    void endWith(Outflow.End next) {
        if (link.isClosed() || outflow.end() == Outflow.End.CLOSE) {
            return;
        }
        try {
            link.stage().closeOutput();
        } catch (IOException e) {
            link.close(e);
            return;
        }
        if (outflow.hasFailed() && next == Outflow.End.CLOSE) {
            link.close(failure);
        } else {
            outflow.endWith(next);
            end();
        }
    }

    /** Does what is to follow the last byte, if that has left. */
    void end() {
        if (link.isClosed() || !outflow.isEmpty()) {
            return;
        }
        if (outflow.end() == Outflow.End.CLOSE) {
            link.close(null);
        } else if (outflow.end() == Outflow.End.SHUT_DOWN) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                link.close(e);
            }
        }
    }

    /** Closes the socket; with a cause, what has not left stays counted as not sent. */
    void close(@Nullable IOException cause) {
        if (cause == null) {
            outflow.clear();
        } else {
            outflow.fail(0);
        }
        try {
            socket.close();
        } catch (IOException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
    }
}
