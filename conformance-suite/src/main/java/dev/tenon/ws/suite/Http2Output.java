package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The output of a connection of HTTP/2. The cases write on their threads. A thread of its own writes the replies to
 * DATA and PING, so that the thread that reads does not wait for the peer to read. Safe for any thread.
 */
final class Http2Output {
    private static final byte[] END = {};

    private final PeerSocket socket;
    private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
    /** Fair, so that the replies pass a long message. */
    private final Lock lock = new ReentrantLock(true);

    Http2Output(PeerSocket socket) {
        this.socket = socket;
    }

    /** Starts the thread of the replies. */
    void start() {
        Thread thread = new Thread(this::sendReplies, "suite-http2-replies");
        thread.setDaemon(true);
        thread.start();
    }

    /** Writes frames together. */
    void write(byte[]... frames) throws IOException {
        lock.lock();
        try {
            socket.write(Octets.join(frames));
        } finally {
            lock.unlock();
        }
    }

    /** Sends a frame soon. */
    void reply(Http2Frame frame) {
        replies.add(frame.encode());
    }

    /** Sends no more replies; the peer has ended the connection. */
    void end() {
        replies.add(END);
    }

    private void sendReplies() {
        try {
            for (byte[] next = replies.take(); next != END; next = replies.take()) {
                write(next);
            }
        } catch (IOException e) {
            return; // the reader or the case reports how the connection has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connection. */
    void close() throws IOException {
        lock.lock();
        try {
            socket.close();
        } finally {
            lock.unlock();
        }
    }
}
