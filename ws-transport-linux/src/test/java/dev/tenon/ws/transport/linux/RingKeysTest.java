package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of a select, one by one, on a ring with few places. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingKeysTest {
    private static final int PLACES = 4;

    private static void read(UringKey key, int ops) {
        try {
            assertEquals(SelectionKey.OP_READ, ops);
            key.input.read(ByteBuffer.allocate(16));
            key.input.onSocketRead(0, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The kernel holds back the completion that ends the watch for wake-ups. The next update submits early, because it
     * has more requests than places, and processes that completion after it has checked the watch.
     */
    @Test
    void aSelectDoesNotWaitWhileNothingWatchesForWakeups() throws Exception {
        SelectorProvider provider = Kernel.provider();
        EventDescriptor wake = new EventDescriptor();
        RingKeys ring = new RingKeys(wake, new RingSize(PLACES, PLACES), new RestBuffers(Arena::ofShared));
        List<Pair> pairs = new ArrayList<>();
        try (Selector selector = provider.openSelector()) {
            List<UringKey> keys = new ArrayList<>();
            for (int i = 0; i < PLACES + 2; i++) {
                Pair pair = Pair.open(provider);
                pairs.add(pair);
                keys.add(new UringKey(
                        (UringSelector) selector, ring, (RegisteredChannel) pair.channel(), SelectionKey.OP_READ));
            }
            keys.subList(0, PLACES).forEach(ring::changed);
            ring.update();
            ring.enter(0, 0);
            for (int i = 0; i < PLACES; i++) {
                pairs.get(i).peer().getOutputStream().write(i);
            }
            wake.signal();
            ring.enter(0, 0);
            ring.report(RingKeysTest::read);
            assertTrue(ring.isQuiet());
            assertFalse(ring.isUpToDate());
            keys.subList(PLACES, PLACES + 2).forEach(ring::changed);
            ring.update();
            assertFalse(ring.isQuiet(), "waits, and no wake-up ends it");
            ring.enter(0, 0);
            ring.update();
            assertTrue(ring.isQuiet());
            wake.signal();
            ring.enter(1, -1);
        } finally {
            ring.cancelAll();
            ring.closeRing();
            ring.closeBuffers();
            wake.close();
            for (Pair pair : pairs) {
                pair.close();
            }
        }
    }
}
