package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wake-ups that come while no thread waits in the kernel. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WakeupTest extends ChannelTestBase {
    /** More bytes than wait for one system call. */
    private static final int MUCH = 300_000;

    /** The kernel reports the wake-up to the system call that sends, before the next select. */
    @Test
    void aWakeupDuringAnActionEndsTheNextSelect() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_WRITE);
            selector.select(each -> {
                key.interestOps(0);
                selector.wakeup();
                write(pair.channel());
            });
            assertEquals(0, selector.select());
        }
    }

    private static void write(SocketChannel channel) {
        try {
            for (int i = 0; i < MUCH; i += 1000) {
                channel.write(ByteBuffer.allocate(1000));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
