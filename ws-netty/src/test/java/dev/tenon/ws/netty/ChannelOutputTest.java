package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many buffers the output takes, and how long they are. Each buffer of an event is a write with a promise. */
@ExtendWith(Leaks.class)
class ChannelOutputTest {
    private static final int FRAME = 1028;

    private final Http1Carrier carrier = new Http1Carrier();
    private final EmbeddedChannel channel = new EmbeddedChannel(carrier);
    private final ChannelOutput output = new ChannelOutput(carrier, () -> {}, new OutputScratch());

    private record Written(int buffers, int bytes, int room) {}

    /** Writes frames during one event. */
    private Written write(int frames) {
        for (int i = 0; i < frames; i++) {
            ByteBuffer room = output.reserve(FRAME);
            room.position(room.position() + FRAME);
        }
        output.flush();
        int buffers = 0;
        int bytes = 0;
        int room = 0;
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            buffers++;
            bytes += buffer.readableBytes();
            room += buffer.capacity();
            buffer.release();
        }
        return new Written(buffers, bytes, room);
    }

    @Test
    void aLongEventAfterAShortOneTakesFewBuffers() {
        write(1);
        Written written = write(16);
        assertEquals(16 * FRAME, written.bytes());
        assertTrue(written.buffers() <= 5, () -> "" + written);
    }

    @Test
    void aLongEventAfterALongOneTakesOneBuffer() {
        write(16);
        assertEquals(1, write(16).buffers());
        write(1);
        assertEquals(2, write(16).buffers());
    }

    @Test
    void aConnectionOfShortEventsTakesSmallBuffersAgain() {
        write(16);
        for (int i = 0; i < 10; i++) {
            write(1);
        }
        assertEquals(2048, write(1).room());
    }
}
