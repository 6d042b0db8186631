package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In the long run a message allocates nothing, in either direction. */
class AllocationTest {
    private static final int MESSAGES = 2000;

    private static long allocated() throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (Long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(bean, Thread.currentThread().getId());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThereAndBackAllocatesNothing(MemoryMode memory) throws ReflectiveOperationException {
        DeflateOptions options =
                DeflateOptions.defaults().withTakeover(true, true).withMemory(memory);
        try (Endpoint.Pair pair = Endpoint.connect(options, options)) {
            long[] received = {0};
            FrameHandler inbound = pair.client()
                    .negotiated
                    .open(new ExtensionContext(Role.CLIENT, 1 << 20))
                    .inbound((firstByte, payload, end) -> received[0] += payload.remaining());
            OutboundHandler outbound = pair.server()
                    .negotiated
                    .open(new ExtensionContext(Role.SERVER, 1 << 20))
                    .outbound((firstByte, payload, end, mode) -> inbound.onFrame(firstByte, payload, end));
            FirstByte firstByte = FirstByte.of(true, Opcode.TEXT);
            ByteBuffer message = ByteBuffer.allocateDirect(1024).put(Payloads.text(1024, new Random(1)));
            double least = Double.MAX_VALUE;
            for (int run = 0; run < 6; run++) {
                long before = allocated();
                for (int i = 0; i < MESSAGES; i++) {
                    outbound.onFrame(firstByte, message.clear(), true, SendMode.DEFAULT);
                }
                least = Math.min(least, (allocated() - before) / (double) MESSAGES);
            }
            assertTrue(received[0] == 6L * MESSAGES * 1024);
            assertTrue(least < 4, least + " bytes for each message");
        }
    }
}
