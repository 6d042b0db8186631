package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/** The thread that selects uses its channels outside of a select while another thread closes the selector. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseByAnotherThreadTest extends ChannelTestBase {
    private static final int PIECE = 4 * 1024;
    private static final byte[] BYTES = new byte[1 << 20];

    static {
        for (int i = 0; i < BYTES.length; i++) {
            BYTES[i] = (byte) ((i * 31) >>> 4);
        }
    }

    private Pair pair;
    /** The number of calls of the owner so far. */
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeEach
    void openPair() throws IOException {
        pair = Pair.open(provider);
        pair.channel().register(selector, SelectionKey.OP_READ);
    }

    @AfterEach
    void closePair() throws IOException {
        pair.close();
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    /** Runs a task on a thread of its own: the common pool may have one thread only. */
    private static <T> CompletableFuture<T> start(Task<T> task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return task.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                run -> new Thread(run).start());
    }

    /** Closes the selector on another thread after this number of calls of the owner. */
    private CompletableFuture<Boolean> closeAfter(int count) {
        Selector closed = selector;
        return start(() -> {
            while (calls.get() < count) {
                Thread.onSpinWait();
            }
            closed.close();
            return true;
        });
    }

    private CompletableFuture<byte[]> readAll() {
        return start(() -> pair.peer().getInputStream().readAllBytes());
    }

    @RepeatedTest(20)
    void noWrittenByteIsSentTwice(RepetitionInfo repetition) throws Exception {
        selector.selectNow(); // this thread becomes the owner
        CompletableFuture<byte[]> got = readAll();
        CompletableFuture<Boolean> closed = closeAfter(repetition.getCurrentRepetition());
        int written = 0;
        boolean whole = true;
        try {
            while (written < BYTES.length) {
                written += pair.channel().write(ByteBuffer.wrap(BYTES, written, PIECE));
                calls.incrementAndGet();
                if (written % PIECE != 0) {
                    written += writeRestOfPiece(written);
                }
            }
        } catch (ClosedChannelException bytesWereLost) {
            whole = false;
        }
        closed.join();
        pair.channel().close();
        byte[] all = got.join();
        assertArrayEquals(Arrays.copyOf(BYTES, all.length), all);
        assertTrue(!whole || all.length == written, "bytes are missing");
    }

    private int writeRestOfPiece(int from) throws IOException {
        int to = (from / PIECE + 1) * PIECE;
        int written = 0;
        while (from + written < to) {
            written += pair.channel().write(ByteBuffer.wrap(BYTES, from + written, to - from - written));
        }
        return written;
    }

    @RepeatedTest(20)
    void eachReceivedByteIsReadOnce(RepetitionInfo repetition) throws Exception {
        selector.selectNow(); // this thread becomes the owner
        pair.peer().getOutputStream().write(BYTES, 0, PIECE);
        SelectionKey key = pair.channel().keyFor(selector);
        while (((UringKey) key).input.received().size() < PIECE) {
            selector.select(each -> {}, LONG);
        }
        CompletableFuture<Boolean> closed = closeAfter(repetition.getCurrentRepetition());
        ByteBuffer all = ByteBuffer.allocate(PIECE);
        while (all.hasRemaining()) {
            pair.channel().read(all.limit(Math.min(PIECE, all.position() + 16)));
            calls.incrementAndGet();
            all.limit(PIECE);
        }
        closed.join();
        assertArrayEquals(Arrays.copyOf(BYTES, PIECE), all.array());
        assertEquals(0, pair.channel().read(ByteBuffer.allocate(1)));
    }

    @RepeatedTest(20)
    @SuppressWarnings("try") // closed twice, once on purpose
    void aChannelThatIsClosedAtTheSameTimeSendsItsBytes(RepetitionInfo repetition) throws Exception {
        selector.selectNow(); // this thread becomes the owner
        CompletableFuture<byte[]> got = readAll();
        CompletableFuture<Boolean> closed = closeAfter(1);
        pair.channel().write(ByteBuffer.wrap(BYTES, 0, PIECE));
        calls.incrementAndGet();
        for (int i = 0; i < 20 * repetition.getCurrentRepetition(); i++) {
            Thread.onSpinWait();
        }
        pair.channel().close();
        closed.join();
        assertArrayEquals(Arrays.copyOf(BYTES, PIECE), got.join());
        assertFalse(((RegisteredChannel) pair.channel()).descriptor().isOpen());
    }
}
