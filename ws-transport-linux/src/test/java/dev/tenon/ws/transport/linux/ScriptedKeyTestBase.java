package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A key whose requests go to a ring that never enters the kernel. So a test plays the kernel, and chooses the results of
 * the requests.
 */
abstract class ScriptedKeyTestBase {
    private static final RingSize SIZE = new RingSize(64, 64);

    private EventDescriptor wake;
    /** The memory for rests; a test may replace it before the first rest. */
    Arena memory = Arena.ofShared();

    final RestBuffers rests = new RestBuffers(() -> memory);
    RingKeys keys;
    private UringSelector selector;
    Ring ring;
    Requests requests;
    Pair pair;
    UringKey key;

    @BeforeEach
    void open() throws IOException {
        SelectorProvider provider = Kernel.provider();
        wake = new EventDescriptor();
        keys = new RingKeys(wake, SIZE, rests);
        selector = new UringSelector(provider, SIZE);
        ring = keys.ring();
        requests = ring.requests();
        pair = Pair.open(provider);
        key = new UringKey(selector, keys, (RegisteredChannel) pair.channel(), 0);
        key.slot = 0;
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
        selector.close();
        keys.closeRing();
        keys.closeBuffers();
        wake.close();
    }

    /** Takes the queued requests, as the kernel does. Returns their number. */
    int takeRequests() {
        int count = requests.publish();
        requests.submitted(count);
        return count;
    }

    /** The offset of one of the last requests: 1 is the last one, 2 is the one before. */
    long place(int back) {
        int tail = ring.file().rings.get(JAVA_INT, ring.file().requestOffsets.get(JAVA_INT, 4));
        return (long) (tail - back & SIZE.requests() - 1) * Requests.REQUEST;
    }
}
