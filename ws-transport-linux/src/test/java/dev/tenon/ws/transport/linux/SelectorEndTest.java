package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Selectors that are closed at an inconvenient time, or used by the wrong thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelectorEndTest extends ChannelTestBase {
    @Test
    void anotherThreadThanTheFirstMayNotSelect() throws Exception {
        selector.selectNow();
        CompletionException rejected = assertThrows(
                CompletionException.class,
                () -> CompletableFuture.runAsync(this::selectNow).join());
        assertInstanceOf(IllegalStateException.class, rejected.getCause());
        selector.selectNow();
    }

    private void selectNow() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other keys are ready too, and bytes wait for longer than a select lets them wait. */
    @Test
    void aSelectorThatAnActionClosesReportsNothingMore() throws Exception {
        try (Pair one = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            one.channel().register(selector, SelectionKey.OP_WRITE);
            other.channel().register(selector, SelectionKey.OP_WRITE);
            int[] calls = new int[1];
            assertThrows(
                    ClosedSelectorException.class,
                    () -> selector.select(
                            key -> {
                                calls[0]++;
                                closeLate(one, selector);
                            },
                            LONG));
            assertEquals(1, calls[0]);
            assertEquals(7, one.peer().getInputStream().read());
            assertFalse(other.channel().isRegistered());
        }
    }

    private static void closeLate(Pair pair, Selector selector) {
        try {
            assertEquals(1, pair.channel().write(ByteBuffer.wrap(new byte[] {7})));
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 1_000_000) {
                Thread.onSpinWait();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
