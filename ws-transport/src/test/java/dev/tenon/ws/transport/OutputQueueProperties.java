package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The law of a queue: what goes in comes out, in order, whatever the channel takes at a time. */
class OutputQueueProperties {
    @Property(tries = 50)
    void bytesLeaveInOrderHoweverLittleTheChannelTakes(
            @ForAll @Size(max = 6) List<@IntRange(max = 150_000) Integer> lengths,
            @ForAll @IntRange(min = 700, max = 200_000) int mostAtOnce,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        OutputQueue queue = new OutputQueue(new ChunkPool());
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Slow channel = new Slow(random, mostAtOnce);
        for (int length : lengths) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            expected.writeBytes(bytes);
            ByteBuffer given = ByteBuffer.wrap(bytes);
            queue.append(given);
            assertEquals(0, given.remaining());
            if (random.nextBoolean()) {
                queue.writeTo(channel);
            }
            assertEquals(expected.size() - channel.taken.size(), queue.size());
        }
        for (int turns = 0; !queue.writeTo(channel); turns++) {
            assertTrue(turns < 100_000, "the queue never empties");
        }
        assertEquals(0, queue.size());
        assertArrayEquals(expected.toByteArray(), channel.taken.toByteArray());
    }

    /** Takes a random number of bytes at a time, sometimes none. */
    private static final class Slow implements GatheringByteChannel {
        private final Random random;
        private final int mostAtOnce;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        Slow(Random random, int mostAtOnce) {
            this.random = random;
            this.mostAtOnce = mostAtOnce;
        }

        @Override
        public long write(ByteBuffer[] sources) {
            return write(sources, 0, sources.length);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            int left = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(mostAtOnce);
            long written = 0;
            for (int i = offset; i < offset + length && left > 0; i++) {
                byte[] part = new byte[Math.min(left, sources[i].remaining())];
                sources[i].get(part);
                taken.writeBytes(part);
                left -= part.length;
                written += part.length;
            }
            return written;
        }

        @Override
        public int write(ByteBuffer source) {
            return (int) write(new ByteBuffer[] {source});
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
