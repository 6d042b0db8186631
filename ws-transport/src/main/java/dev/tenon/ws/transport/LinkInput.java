package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The inbound half of a link. It reads the socket while the protocol consumes bytes, keeps bytes that the protocol
 * leaves, and delivers those first when the protocol resumes.
 *
 * <p>The read size is small at first and after the protocol has left bytes, so that little is kept for a slow
 * application. It doubles after each read that filled the buffer and was consumed completely.
 */
final class LinkInput extends KeptBytes {
    private static final int LEAST_READ = 16 * 1024;

    private final Link link;
    private final Socket socket;
    private int readSize = LEAST_READ;
    private boolean paused;
    /** Whether the link was resumed, and what it has kept is not delivered yet. */
    private boolean resuming;

    private boolean ended;

    LinkInput(Link link, Socket socket) {
        this.link = link;
        this.socket = socket;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether the peer may send more and the link reads it. */
    boolean isReading() {
        return !paused && !ended;
    }

    /**
     * Reads once, unless an event of another link has just paused this one. Delivers first what it has kept, because this
     * event may come before that task.
     */
    void read() throws IOException {
        deliverKept();
        if (!isReading() || !link.isReadable() || link.isClosed()) {
            return;
        }
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

    /** Reads the bytes that the peer has sent before writing failed; a Close frame among them may give the reason. */
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

    /** Delivers the kept bytes and these to the protocol, and keeps the rest. */
    void deliver(ByteBuffer bytes) {
        boolean borrowed = isEmpty();
        ByteBuffer all = join(bytes);
        link.protocol().received(all);
        if (all.hasRemaining() && !link.isClosed()) {
            keep(all, borrowed);
        }
    }

    void pause() {
        resuming = false;
        if (!paused) {
            paused = true;
            link.updateInterest();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            resuming = true;
            link.updateInterest();
            link.later(() -> {
                deliverKept();
                link.output.closeIfFailed();
                link.updateDeadline();
            });
        }
    }

    /** Delivers what this link and TLS have kept, if the link was resumed since. */
    private void deliverKept() {
        if (!resuming || link.isClosed()) {
            return;
        }
        resuming = false;
        ByteBuffer kept = removeAll();
        if (kept != null) {
            link.protocol().received(kept);
            if (!link.isClosed()) {
                keep(kept, false);
            }
        }
        if (!paused && !link.isClosed()) {
            link.resumeTls();
        }
    }
}
