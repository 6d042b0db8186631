package dev.tenon.ws.netty;

import dev.tenon.ws.server.HostedBody;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The body of a response, of a file or in memory, that is sent in pieces. */
interface BodyPieces extends AutoCloseable {
    /** The length of a piece in memory, in bytes. */
    int LONGEST = 64 * 1024;

    /** The number of bytes that have not been read yet. */
    long remaining();

    /** Reads the next piece, of at most {@value #LONGEST} bytes, while bytes remain. */
    void read(BiConsumer<@Nullable ByteBuffer, @Nullable Throwable> done);

    @Override
    void close();

    /** Returns the pieces of a file. */
    static BodyPieces of(HostedBody file) {
        return new BodyPieces() {
            @Override
            public long remaining() {
                return file.remaining();
            }

            @Override
            public void read(BiConsumer<@Nullable ByteBuffer, @Nullable Throwable> done) {
                file.read(done);
            }

            @Override
            public void close() {
                file.close();
            }
        };
    }

    /** Returns the pieces of a buffer. */
    static BodyPieces of(ByteBuffer body) {
        return new BodyPieces() {
            @Override
            public long remaining() {
                return body.remaining();
            }

            @Override
            public void read(BiConsumer<@Nullable ByteBuffer, @Nullable Throwable> done) {
                ByteBuffer piece = body.slice(body.position(), Math.min(LONGEST, body.remaining()));
                body.position(body.position() + piece.remaining());
                done.accept(piece, null);
            }

            @Override
            public void close() {}
        };
    }
}
