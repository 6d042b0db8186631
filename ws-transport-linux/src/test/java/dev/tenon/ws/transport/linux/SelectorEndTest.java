package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** One system call ends a few requests only, and the ring has places for fewer still. */
    @ParameterizedTest
    @CsvSource({"4, 100", "1024, 6000"})
    void whenASelectorOfManyListenersIsClosedNoneListensAnyMore(int places, int count) throws Exception {
        long needed = count + 200L; // for the rest of the JVM
        long limit = descriptorLimit();
        assumeTrue(limit >= needed, () -> needed + " descriptors are needed, and ulimit -n allows " + limit);
        List<SocketAddress> addresses = new ArrayList<>();
        try (Selector own = new UringSelector(provider, new RingSize(places, places))) {
            List<ServerSocketChannel> listeners = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocketChannel listener = listen(InetAddress.getLoopbackAddress());
                addresses.add(listener.getLocalAddress());
                listener.register(own, SelectionKey.OP_ACCEPT);
                listeners.add(listener);
            }
            own.selectNow();
            for (ServerSocketChannel listener : listeners) {
                listener.close();
            }
        }
        for (SocketAddress address : addresses.subList(count - 100, count)) { // the last ones end last
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(address);
            }
        }
    }

    private static long descriptorLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceAll("^Max open files +(\\S+).*", "$1"))
                .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElseThrow();
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
