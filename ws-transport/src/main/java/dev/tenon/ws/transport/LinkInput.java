package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The inbound half of a link: reads the socket while the protocol takes bytes, keeps what it leaves, and hands that on first
 * when the protocol resumes.
 */
final class LinkInput {
    private final Link link;
    private final Socket socket;
    private final Inflow inflow = new Inflow();
    private boolean paused;
    private boolean ended;

    LinkInput(Link link, Socket socket) {
        this.link = link;
        this.socket = socket;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether more may come from the peer, and is to be read. */
    boolean isReading() {
        return !paused && !ended;
    }

    /** Whether bytes wait that the protocol has left. */
    boolean hasKept() {
        return !inflow.borrows();
    }

    /** Reads once, as much as the inflow says. */
    void read() throws IOException {
        ByteBuffer buffer = link.loop().buffers().read(inflow.readSize());
        int length = link.output().hasFailed() ? readRest(buffer) : socket.read(buffer);
        link.loop().counters().read(Math.max(0, length));
        if (length < 0) {
            ended = true;
            link.updateInterest();
            link.stage().inputEnded();
        } else if (length > 0) {
            link.stage().received(buffer.flip());
            inflow.grow(length, LoopBuffers.READ);
        }
    }

    /** Reads what the peer has sent before writing failed: it may say why. */
    private int readRest(ByteBuffer buffer) {
        try {
            return socket.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Hands bytes to the protocol, behind those that were kept, and keeps the rest. */
    void deliver(ByteBuffer bytes) {
        boolean borrowed = inflow.borrows();
        ByteBuffer all = inflow.join(bytes);
        link.protocol().received(all);
        if (all.hasRemaining() && !link.isClosed()) {
            inflow.keep(all, borrowed);
        }
    }

    void pause() {
        if (!paused) {
            paused = true;
            link.updateInterest();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            link.updateInterest();
            link.later(this::deliverKept);
        }
    }

    private void deliverKept() {
        ByteBuffer kept = paused || link.isClosed() ? null : inflow.take();
        if (kept != null) {
            link.protocol().received(kept);
            if (!link.isClosed()) {
                inflow.keep(kept, false);
            }
        }
        if (!paused && !link.isClosed()) {
            link.stage().resume();
        }
        link.output().closeIfFailed();
        link.armDeadline();
    }

    void clear() {
        inflow.clear();
    }
}
