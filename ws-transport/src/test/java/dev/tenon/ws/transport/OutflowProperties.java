package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of an outflow, over a socket that accepts any number of bytes and fails at any place. */
class OutflowProperties {
    private final LoopBuffers buffers = new LoopBuffers(new LoopCounters());

    @Property(tries = 100)
    void bytesLeaveInOrderHoweverLittleTheSocketTakes(
            @ForAll @Size(max = 8) List<@IntRange(max = 150_000) Integer> lengths,
            @ForAll @IntRange(min = 700, max = 200_000) int mostAtOnce,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        SlowSocket socket = new SlowSocket(random, mostAtOnce);
        Outflow outflow = new Outflow(socket, buffers);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int length : lengths) {
            sendOne(outflow, bytes(random, length), random.nextInt(3), expected);
            if (random.nextBoolean()) {
                outflow.drain();
            }
            assertEquals(expected.size() - socket.written().size(), outflow.backlog());
            assertEquals(outflow.backlog() == 0, outflow.isEmpty());
        }
        for (int turns = 0; !outflow.drain(); turns++) {
            assertTrue(turns < 100_000, "the outflow never empties");
        }
        assertEquals(0, outflow.backlog());
        assertArrayEquals(expected.toByteArray(), socket.written().toByteArray());
        assertEquals(0, buffers.charged());
        assertTrue(buffers.chunks().directBytes() <= ChunkPool.MOST_DIRECT);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void sendOne(Outflow outflow, byte[] bytes, int way, ByteArrayOutputStream expected)
            throws IOException {
        GatheredBuffers gathered = new GatheredBuffers();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer borrowed = ByteBuffer.wrap(bytes.clone());
        switch (way) {
            case 0 -> {
                gathered.add(direct);
                outflow.send(gathered, null);
                assertEquals(0, direct.remaining());
            }
            case 1 -> {
                gathered.addShared(direct);
                outflow.send(gathered, borrowed);
                expected.writeBytes(bytes);
            }
            default -> outflow.send(gathered, borrowed);
        }
        if (way != 0) { // a borrowed buffer may change after the call
            assertEquals(0, borrowed.remaining());
            java.util.Arrays.fill(borrowed.array(), (byte) -1);
        }
        expected.writeBytes(bytes);
    }

    @Property(tries = 100)
    void bytesThatHaveNotLeftWhenTheSocketFailsNeverCountAsSent(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 100_000) Integer> lengths,
            @ForAll @IntRange(max = 300_000) int failsAfter,
            @ForAll long seed) {
        SlowSocket socket = new SlowSocket(new Random(seed), 50_000);
        socket.failAfter(failsAfter);
        Outflow outflow = new Outflow(socket, buffers);
        long sent = 0;
        for (int length : lengths) {
            GatheredBuffers gathered = new GatheredBuffers();
            gathered.add(ByteBuffer.allocateDirect(length));
            sent += length;
            try {
                outflow.send(gathered, null);
                outflow.drain();
            } catch (IOException failed) {
                assertTrue(outflow.hasFailed());
            }
            assertEquals(sent - socket.written().size(), outflow.backlog());
        }
        outflow.clear();
        assertEquals(0, buffers.charged());
    }

    @Example
    void aFrameThatWaitsForManyIsHeldOnce() throws IOException {
        ByteBuffer frame = ByteBuffer.allocateDirect(16 * 1024).asReadOnlyBuffer();
        for (int i = 0; i < 1000; i++) {
            SlowSocket stalled = new SlowSocket(new Random(0), 0);
            Outflow outflow = new Outflow(stalled, buffers);
            GatheredBuffers gathered = new GatheredBuffers();
            gathered.addShared(frame);
            outflow.send(gathered, null);
            assertEquals(frame.remaining(), outflow.backlog());
        }
        assertEquals(0, buffers.chunks().directBytes());
        assertTrue(
                buffers.charged() <= 64 * 1000 + frame.capacity(),
                buffers.charged() + " bytes for a frame and 1,000 references");
    }

    @Example
    void twoHundredSlowReadersTakeLittleDirectMemory() throws IOException {
        for (int i = 0; i < 200; i++) {
            Outflow outflow = new Outflow(new SlowSocket(new Random(0), 0), buffers);
            GatheredBuffers gathered = new GatheredBuffers();
            gathered.add(ByteBuffer.allocateDirect(5 * 1024));
            outflow.send(gathered, null);
        }
        assertTrue(buffers.chunks().directBytes() <= 1024 * 1024);
        assertTrue(buffers.charged() <= 200 * 8 * 1024, buffers.charged() + " bytes");
    }

    @Example
    void aLargeMessageForASlowPeerLeavesLittleDirectMemoryBehind() throws IOException {
        SlowSocket socket = new SlowSocket(new Random(0), 0);
        Outflow outflow = new Outflow(socket, buffers);
        outflow.send(new GatheredBuffers(), ByteBuffer.allocate(64 * 1024 * 1024));
        assertEquals(64 * 1024 * 1024, outflow.backlog());
        socket.takeAtMost(1_000_000);
        while (!outflow.drain()) {
            // a turn
        }
        assertTrue(buffers.chunks().directBytes() <= 1024 * 1024);
        assertEquals(0, buffers.charged());
    }

    @Example
    void oneTurnWritesABoundedNumberOfBytes() throws IOException {
        SlowSocket socket = new SlowSocket(new Random(0), 0);
        Outflow outflow = new Outflow(socket, buffers);
        outflow.send(new GatheredBuffers(), ByteBuffer.allocate(8 * 1024 * 1024));
        socket.takeAtMost(Integer.MAX_VALUE);
        assertEquals(false, outflow.drain());
        assertTrue(socket.written().size() <= 2 * 1024 * 1024, socket.written().size() + " bytes in one turn");
    }

    @Example
    void aFailureIsNotChangedByLaterEvents() {
        SlowSocket socket = new SlowSocket(new Random(0), 10);
        socket.failAfter(0);
        Outflow outflow = new Outflow(socket, buffers);
        GatheredBuffers gathered = new GatheredBuffers();
        gathered.add(ByteBuffer.allocateDirect(1));
        assertThrows(IOException.class, () -> outflow.send(gathered, null));
        outflow.endWith(Outflow.End.CLOSE);
        assertEquals(Outflow.End.FAILED, outflow.end());
    }
}
