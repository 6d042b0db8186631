package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The array through which an event loop passes received bytes to its connections. From JDK 24 on, Netty does without
 * {@code Unsafe}: its direct buffers are views of shared memory segments, and each access checks the segment. One copy
 * of a whole read costs less than these checks (benchmarks/README.md). For the event loop's own thread.
 */
final class InputScratch {
    static final int LENGTH = 64 * 1024;

    /** Null until the first use, and during a use. */
    private @Nullable ByteBuffer idle;

    /**
     * Gives a connection as many of these bytes as it accepts, and skips them. Returns the number of bytes that the
     * connection has accepted.
     */
    int feed(ByteBuf bytes, Connection connection) {
        return bytes.hasArray() ? feedArray(bytes, connection) : feedCopy(bytes, connection);
    }

    private static int feedArray(ByteBuf bytes, Connection connection) {
        ByteBuffer view = bytes.nioBuffer();
        int length = view.remaining();
        connection.receive(view);
        return skip(bytes, length - view.remaining());
    }

    private int feedCopy(ByteBuf bytes, Connection connection) {
        ByteBuffer known = idle;
        ByteBuffer scratch = known == null ? ByteBuffer.allocate(LENGTH) : known;
        idle = null; // another connection may be called from inside this call
        int taken = 0;
        try {
            while (bytes.refCnt() > 0 && bytes.isReadable() && connection.isReadyForInput()) {
                int length = Math.min(bytes.readableBytes(), LENGTH);
                bytes.getBytes(bytes.readerIndex(), scratch.array(), scratch.arrayOffset(), length);
                connection.receive(scratch.position(0).limit(length));
                taken += skip(bytes, scratch.position());
            }
        } finally {
            idle = scratch;
        }
        return taken;
    }

    /** The owner may have released the bytes during the call of the connection. */
    private static int skip(ByteBuf bytes, int taken) {
        if (bytes.refCnt() > 0) {
            bytes.skipBytes(taken);
        }
        return taken;
    }
}
