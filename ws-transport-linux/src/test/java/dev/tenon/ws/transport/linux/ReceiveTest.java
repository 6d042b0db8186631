package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel receives small amounts in advance; large amounts stay in the socket until they are read. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiveTest {
    private static final int MUCH = 2000;
    private static final int LITTLE = 10;
    /** More receives than it takes to change the kind of the request. */
    private static final int OFTEN = 20;

    private SelectorProvider provider;
    private Selector selector;
    private Pair pair;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(3 * MUCH);
    private byte sent;
    private byte received;

    @BeforeEach
    void open() throws IOException {
        provider = Kernel.provider();
        selector = provider.openSelector();
        pair = Pair.open(provider);
        pair.peer().setTcpNoDelay(true);
        pair.channel().register(selector, SelectionKey.OP_READ);
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
        selector.close();
    }

    private void send(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = sent++;
        }
        pair.peer().getOutputStream().write(bytes);
    }

    private void awaitInput() throws IOException {
        selector.selectedKeys().clear();
        while (selector.selectedKeys().isEmpty()) {
            selector.select();
        }
    }

    /** Reads once, checks the bytes, and returns their number. */
    private int read() throws IOException {
        int length = pair.channel().read(buffer.clear());
        buffer.flip();
        while (buffer.hasRemaining()) {
            assertEquals(received++, buffer.get());
        }
        return length;
    }

    private void exchange(int length) throws IOException {
        send(length);
        for (int left = length; left > 0; ) {
            awaitInput();
            left -= read();
        }
    }

    /** Sends twice and selects in between. Returns how many bytes one read returns. */
    private int readAfterTwo(int length) {
        try {
            send(length);
            awaitInput();
            send(length);
            int first = read();
            for (int left = 2 * length - first; left > 0; ) {
                awaitInput();
                left -= read();
            }
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReadReturnsWhatTheKernelHasReceivedInAdvance() throws IOException {
        assertEquals(MUCH, readAfterTwo(MUCH));
        for (int i = 0; i < OFTEN; i++) {
            assertEquals(LITTLE, readAfterTwo(LITTLE));
        }
    }

    @Test
    void afterManyLargeReceivesAReadReturnsWhatHasArrivedSinceTheSelect() throws IOException {
        for (int i = 0; i < OFTEN; i++) {
            exchange(MUCH);
        }
        // the second bytes may be under way when the first are read, but not every time
        assertTrue(IntStream.range(0, 100).anyMatch(i -> readAfterTwo(MUCH) == 2 * MUCH));
    }

    @Test
    void afterManySmallReadsTheKernelReceivesInAdvanceAgain() throws IOException {
        for (int i = 0; i < OFTEN; i++) {
            exchange(MUCH);
        }
        for (int i = 0; i < OFTEN; i++) {
            exchange(LITTLE);
        }
        assertEquals(LITTLE, readAfterTwo(LITTLE));
    }

    @Test
    void bytesStayInOrderWhileTheAmountChanges() throws IOException {
        for (int i = 0; i < 10 * OFTEN; i++) {
            exchange(i / 12 % 2 == 0 ? LITTLE + i % 3 : MUCH + i % 5);
        }
    }
}
