package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check of the system does not depend on how fast the system is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProbeTest extends ChannelTestBase {
    /** After a first receive, a select reports the connection once more, because a reset might follow. */
    @Test
    void aByteThatIsNotThereYetIsWaitedFor() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            pair.peer().getOutputStream().write(1);
            await(pair.channel(), SelectionKey.OP_READ);
            assertEquals(1, pair.channel().read(ByteBuffer.allocate(8)));
            LateByte late = new LateByte(pair);
            assertTrue(Probe.carries(late, late, selector, (byte) 2));
            assertEquals(2, late.reads);
        }
    }

    /** Sends a byte only when a read has not found it. */
    private static final class LateByte implements WritableByteChannel, ReadableByteChannel {
        private final Pair pair;
        private byte value;
        private int reads;

        LateByte(Pair pair) {
            this.pair = pair;
        }

        @Override
        public int write(ByteBuffer from) {
            value = from.get();
            return 1;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int read = pair.channel().read(into);
            if (++reads == 1) {
                pair.peer().getOutputStream().write(value);
            }
            return read;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
