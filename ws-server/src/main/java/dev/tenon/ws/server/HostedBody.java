package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@link HostedResponse} that is longer than memory may be: a part of a file. The host sends it a piece
 * at a time and then {@linkplain #close closes} it. Belongs to the thread of its connection.
 *
 * <pre>{@code
 * void sendNext(HostedBody body) {
 *     body.read((piece, failure) -> ...);    // send it; when it has left, sendNext if anything remains, else close
 * }
 * }</pre>
 */
public final class HostedBody implements AutoCloseable {
    private final FileBody file;
    private final ConnectionExecutor loop;
    private final @Nullable Executor executor;

    HostedBody(FileBody file, ConnectionExecutor loop, @Nullable Executor executor) {
        this.file = file;
        this.loop = loop;
        this.executor = executor;
    }

    /**
     * How many bytes have not been read yet; before the first call of {@link #read} the length of the body.
     *
     * @return 0 or more
     */
    public long remaining() {
        return file.remaining();
    }

    /**
     * Reads the next piece on a thread that may block. The host calls this while bytes remain, and not again before
     * {@code done} was called.
     *
     * @param done takes the piece, from position to limit, at most 64 KiB and the host's to keep, or a failure, on the
     *     connection's thread. After a failure, or if it gets neither, the host ends the connection, so that the client
     *     notices that the body is cut
     */
    public void read(BiConsumer<@Nullable ByteBuffer, @Nullable Throwable> done) {
        new ExchangeCall<>(loop, executor, () -> CompletableFuture.completedStage(file.read()), done).run();
    }

    /** Closes the file. The host calls this whether it has sent the body or not; further calls do nothing. */
    @Override
    public void close() {
        Reply.close(file);
    }
}
