package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The inbound half of a link: reads the socket while the protocol takes bytes, keeps what it leaves, and hands that on first
 * when the protocol resumes.
 *
 * <p>A read brings little at first and after the protocol has left something, so that what is kept for a slow application
 * stays small; it brings twice as much after each read that filled its buffer and was taken whole.
 */
final class LinkInput extends KeptBytes {
    private static final int LEAST_READ = 16 * 1024;

    private final Link link;
    private final Socket socket;
    private int readSize = LEAST_READ;
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

    /** Reads once. */
    void read() throws IOException {
        LoopBuffers buffers = link.loop().buffers();
        ByteBuffer buffer = buffers.read(readSize);
        int length = link.output.hasFailed() ? readRest(buffer) : socket.read(buffer);
        buffers.counters().read(Math.max(0, length));
        if (length < 0) {
            ended = true;
            link.updateInterest();
            link.inputEnded();
        } else if (length > 0) {
            link.received(buffer.flip());
            adaptReadSize(length);
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

    private void adaptReadSize(int length) {
        if (!isEmpty()) {
            readSize = LEAST_READ;
        } else if (length == readSize) {
            readSize = Math.min(2 * readSize, LoopBuffers.READ);
        }
    }

    /** Hands bytes to the protocol, behind those that were kept, and keeps the rest. */
    void deliver(ByteBuffer bytes) {
        boolean borrowed = isEmpty();
        ByteBuffer all = join(bytes);
        link.protocol().received(all);
        if (all.hasRemaining() && !link.isClosed()) {
            keep(all, borrowed);
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
        ByteBuffer kept = paused || link.isClosed() ? null : take();
        if (kept != null) {
            link.protocol().received(kept);
            if (!link.isClosed()) {
                keep(kept, false);
            }
        }
        if (!paused && !link.isClosed()) {
            link.resumeTls();
        }
        link.output.closeIfFailed();
        link.updateDeadline();
    }
}
