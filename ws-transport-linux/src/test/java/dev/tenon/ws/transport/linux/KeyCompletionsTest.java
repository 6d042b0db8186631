package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Completions that cannot be handled concern their own key only. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyCompletionsTest extends ScriptedKeyTestBase {
    private static final int NO_SUCH_BUFFER = ReceiveBuffers.COUNT << 16;

    private final ReadyKeys ready = new ReadyKeys();
    private KeyCompletions completions;

    @BeforeEach
    void assignSlot() {
        Slots slots = new Slots();
        key.slot = -1;
        slots.add(key);
        completions = new KeyCompletions(slots, new ChangedKeys(), ready);
    }

    @Test
    void aReceiveThatCannotBeHandledFailsBothDirectionsAtOnce() {
        key.interestOps(SelectionKey.OP_READ);
        key.update(requests);
        assertEquals(1, takeRequests());
        completions.completed(UserData.of(key.slot, UserData.RECEIVE), 10, Ring.BUFFER | NO_SUCH_BUFFER);
        assertFalse(ready.isEmpty(), "nothing reports the failure");
        assertEquals(SelectionKey.OP_READ, key.takeReady());
        assertThrows(IOException.class, () -> key.input.read(ByteBuffer.allocate(16)));
        assertThrows(IOException.class, () -> key.output.write(ByteBuffer.allocate(16)));
        assertFalse(key.hasRequests(), "the request has ended");
    }

    @Test
    void bytesForWhichThereIsNoMemoryAreNotFollowedByLaterOnes() throws IOException {
        memory = new NoMemory();
        key.interestOps(SelectionKey.OP_READ);
        assertEquals(100, key.output.write(ByteBuffer.allocate(100)));
        key.output.submit(requests);
        assertEquals(1, takeRequests());
        completions.completed(UserData.of(key.slot, UserData.SEND), 30, 0);
        key.output.onSubmitted();
        assertFalse(key.output.isBusy());
        assertTrue(key.isInputReady(), "nothing reports the failure");
        assertThrows(IOException.class, () -> key.input.read(ByteBuffer.allocate(16)));
        assertThrows(IOException.class, () -> key.output.write(ByteBuffer.allocate(16)));
    }

    /** The kernel has taken a part of them already. */
    @Test
    void bytesForWhichThereIsNoMemoryAreNotSentAgain() throws IOException {
        memory = new NoMemory();
        int inSocket = 0;
        ByteBuffer large = ByteBuffer.allocate(10_000);
        for (int written; (written = key.output.write(large.clear())) > 0; ) {
            inSocket += written;
        }
        assertEquals(4000, key.output.write(ByteBuffer.allocate(4000)));
        assertThrows(IOException.class, () -> key.output.write(large.clear()), "the socket takes no more");
        pair.peer().getInputStream().skipNBytes(inSocket);
        assertTrue(key.output.close());
        assertEquals(0, pair.peer().getInputStream().available(), "sent although they were lost");
    }
}
