package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What held bytes cost: a peer chooses the length of its frames. */
@ExtendWith(Leaks.class)
class ChannelInputTest {
    private final ChannelInput input = new ChannelInput();

    @AfterEach
    void release() {
        input.release();
    }

    /** A slice of one byte would keep the whole buffer from which it was cut. */
    @Test
    void shortBuffersAreCopied() {
        ByteBuf read = Unpooled.wrappedBuffer(new byte[1000]);
        while (read.isReadable()) {
            input.hold(read.readRetainedSlice(1));
        }
        assertEquals(1000, input.length());
        assertEquals(1, read.refCnt());
        read.release();
    }

    @Test
    void aLongBufferIsHeldItself() {
        ByteBuf read = Unpooled.wrappedBuffer(new byte[10_000]);
        input.hold(read);
        input.hold(Unpooled.wrappedBuffer(new byte[1]));
        assertEquals(10_001, input.length());
        assertEquals(1, read.refCnt());
        input.release();
        assertEquals(0, read.refCnt());
        assertEquals(0, input.length());
    }
}
