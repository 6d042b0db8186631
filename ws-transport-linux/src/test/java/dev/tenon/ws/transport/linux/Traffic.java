package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * A connection between a channel of io_uring and one of NIO. The bytes that each end sends depend on their position, so
 * every read byte can be checked.
 */
final class Traffic {
    private static final int MOST = 256 * 1024;
    private static final int SMALL = 8 * 1024;
    private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(MOST);

    private final int seed;
    private final Selector selector;
    final SocketChannel near;
    private final SocketChannel far;
    private long sentByFar;
    private long sentByNear;
    private long readByNear;
    private long readByFar;
    private boolean farShut;
    private boolean nearShut;
    private boolean reset;
    private boolean endRead;

    private Traffic(int seed, Selector selector, SocketChannel near, SocketChannel far) {
        this.seed = seed;
        this.selector = selector;
        this.near = near;
        this.far = far;
    }

    static Traffic open(int seed, SelectorProvider provider, Selector selector) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(
                    StandardSocketOptions.SO_RCVBUF, SMALL); // so that the near end often has no room to send
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel near = provider.openSocketChannel();
            near.configureBlocking(false);
            near.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
            boolean connected = near.connect(listener.getLocalAddress());
            SocketChannel far = listener.accept();
            far.configureBlocking(false);
            while (!connected) {
                connected = near.finishConnect();
            }
            near.register(selector, 0);
            return new Traffic(seed, selector, near, far);
        }
    }

    private static byte at(int seed, long position) {
        return (byte) (seed + position * 31 + (position >>> 8) * 7 + (position >>> 16));
    }

    private static ByteBuffer fill(int seed, long from, int length) {
        BUFFER.clear().limit(length);
        for (int i = 0; i < length; i++) {
            BUFFER.put(i, at(seed, from + i));
        }
        return BUFFER;
    }

    private static void check(int seed, long from, int length) {
        for (int i = 0; i < length; i++) {
            if (BUFFER.get(i) != at(seed, from + i)) {
                assertEquals(at(seed, from + i), BUFFER.get(i), "byte " + (from + i) + " of " + seed);
            }
        }
    }

    boolean isOpen() {
        return near.isOpen();
    }

    // The far end

    void farSends(int length) throws IOException {
        if (far.isOpen() && !farShut) {
            try {
                sentByFar += far.write(fill(seed, sentByFar, Math.min(length, MOST)));
            } catch (IOException brokenPipe) {
                far.close();
            }
        }
    }

    /** Reads; returns -1 at the end, or if the connection was reset. */
    int farReads(int length) throws IOException {
        if (!far.isOpen()) {
            return -1;
        }
        int read;
        try {
            read = far.read(BUFFER.clear().limit(Math.min(length, MOST)));
        } catch (IOException wasReset) {
            return -1;
        }
        if (read > 0) {
            check(-seed, readByFar, read);
            readByFar += read;
        } else if (read < 0) {
            assertEquals(true, nearShut || !near.isOpen(), "an end that nobody has sent");
            assertEquals(sentByNear, readByFar, "bytes before the end");
        }
        return read;
    }

    void farShutsDown() throws IOException {
        if (far.isOpen() && !farShut) {
            farShut = true;
            try {
                far.shutdownOutput();
            } catch (IOException resetAlready) {
                far.close();
            }
        }
    }

    void farCloses(boolean withReset) throws IOException {
        if (far.isOpen()) {
            reset = true; // unread bytes cause a reset too
            if (withReset) {
                far.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            far.close();
        }
    }

    // The near end, on the selector's thread

    void interest(int ops) {
        SelectionKey key = near.keyFor(selector);
        if (key != null && key.isValid()) {
            key.interestOps(ops);
        }
    }

    /** Returns the number of bytes that are received and not yet read. */
    int held() {
        return near.isOpen() && near.keyFor(selector) instanceof UringKey key
                ? key.input.received().size()
                : 0;
    }

    /** Returns the number of bytes that the channel has accepted. */
    int nearSends(int length) throws IOException {
        if (near.isOpen() && !nearShut) {
            try {
                int sent = near.write(fill(-seed, sentByNear, Math.min(length, MOST)));
                sentByNear += sent;
                return sent;
            } catch (IOException broken) {
                assertEquals(true, reset || !far.isOpen(), broken.toString());
                near.close();
            }
        }
        return 0;
    }

    /** Reads; returns -1 at the end, or if the connection was reset. */
    int nearReads(int length) throws IOException {
        if (!near.isOpen()) {
            return -1;
        }
        int read;
        try {
            read = near.read(BUFFER.clear().limit(Math.min(length, MOST)));
        } catch (IOException wasReset) {
            assertEquals(true, reset || !far.isOpen(), wasReset.toString());
            near.close();
            return -1;
        }
        if (read > 0) {
            check(seed, readByNear, read);
            readByNear += read;
        }
        endRead |= read < 0;
        if (read < 0 && !reset && far.isOpen()) {
            assertEquals(true, farShut, "an end that nobody has sent");
            assertEquals(sentByFar, readByNear, "bytes before the end");
        }
        return read;
    }

    void nearShutsDown() throws IOException {
        if (near.isOpen() && !nearShut) {
            nearShut = true;
            near.shutdownOutput();
        }
    }

    /** Whether the near end sends as much as it can before it is closed; every second connection does. */
    boolean isFilledAtTheEnd() {
        return seed % 2 == 0;
    }

    /** Whether all that the near end has sent has been read. */
    boolean isReadByFar() {
        return readByFar == sentByNear || reset || !far.isOpen() || !near.isOpen();
    }

    /** Whether all that was sent to the near end has been read, and the end too if there is one. */
    boolean isRead() {
        boolean whole = readByNear == sentByFar && (endRead || !farShut);
        return whole || reset || !near.isOpen();
    }

    void close() throws IOException {
        near.close();
        far.close();
    }

    @Override
    public String toString() {
        return seed + ": far has sent " + sentByFar + ", near has read " + readByNear + "; near has sent " + sentByNear
                + ", far has read " + readByFar;
    }
}
