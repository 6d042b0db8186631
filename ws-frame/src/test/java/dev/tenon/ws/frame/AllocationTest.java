package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Counts the bytes that this thread allocates, through a bean that the module under test does not read itself. */
class AllocationTest {
    private static final int FRAMES = 10_000;

    private static long allocated() throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method method =
                Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
        return (Long) method.invoke(bean, Thread.currentThread().getId());
    }

    /**
     * Returns the bytes allocated per turn in a long run, in which the cost of measuring and of first calls is
     * negligible.
     */
    private static double perTurn(Runnable turn) throws ReflectiveOperationException {
        double least = Double.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = allocated();
            for (int i = 0; i < FRAMES; i++) {
                turn.run();
            }
            least = Math.min(least, (allocated() - before) / (double) FRAMES);
        }
        return least;
    }

    private static void assertNothing(double bytes) {
        assertTrue(bytes < 1, bytes + " bytes for each frame");
    }

    @Test
    void theCountCounts() throws ReflectiveOperationException {
        Object[] keep = {null};
        assertTrue(perTurn(() -> keep[0] = new byte[100]) >= 100);
        assertEquals(100, ((byte[]) keep[0]).length);
    }

    @Test
    void decodingAllocatesNothingForAnyKindOfBuffer() throws ReflectiveOperationException {
        byte[] wire =
                Hex.bytes("81 85 37fa213d 7f9f4d5158" + "82 fe 0080 01020304" + "00".repeat(128) + "89 80 00000000");
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
        long[] seen = {0};
        FrameHandler handler = (firstByte, payload, end) -> seen[0] += payload.remaining();
        for (ByteBuffer input : new ByteBuffer[] {
            ByteBuffer.wrap(wire),
            ByteBuffer.allocateDirect(wire.length).put(wire),
            ByteBuffer.wrap(wire).asReadOnlyBuffer()
        }) {
            assertNothing(perTurn(() -> {
                input.clear();
                while (decoder.decode(input, handler)) {
                    // all three
                }
            }));
            assertNothing(perTurn(() -> {
                for (int at = 0; at < wire.length; at += 5) {
                    input.limit(Math.min(wire.length, at + 5)).position(at);
                    while (decoder.decode(input, handler)) {
                        // piece by piece
                    }
                }
            }));
        }
        assertTrue(seen[0] > 0);
    }

    @Test
    void encodingAllocatesNothing() throws ReflectiveOperationException {
        FirstByte firstByte = FirstByte.of(true, Opcode.BINARY);
        ByteBuffer payload = ByteBuffer.allocate(300);
        for (FrameEncoder encoder :
                new FrameEncoder[] {FrameEncoder.unmasked(), FrameEncoder.masking(MaskingKeys.secure())}) {
            for (ByteBuffer output : new ByteBuffer[] {ByteBuffer.allocate(400), ByteBuffer.allocateDirect(400)}) {
                assertNothing(perTurn(() -> encoder.encode(firstByte, payload.clear(), output.clear())));
            }
        }
    }

    @Test
    void aDeclaredLengthAllocatesNothing() throws ReflectiveOperationException {
        ByteBuffer input = Hex.buffer("82 7f 7fffffffffffffff 01");
        FrameRules rules = FrameRules.receivedBy(Role.CLIENT);
        FrameHandler handler = (firstByte, payload, end) -> {};
        double bytes = perTurn(() -> new FrameDecoder(rules).decode(input.clear(), handler));
        assertTrue(bytes < 200, "more than a decoder: " + bytes);
    }
}
