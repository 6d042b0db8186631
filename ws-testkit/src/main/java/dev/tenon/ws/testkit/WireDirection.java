package dev.tenon.ws.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One direction of a wire: bytes that wait at the sender, bytes in flight, and the end mark. */
final class WireDirection {
    private record Chunk(ByteBuffer bytes, long arrival) {}

    private final WireConditions conditions;
    private final VirtualClock clock;
    private final Deque<Chunk> chunksInFlight = new ArrayDeque<>();
    private byte[] waiting = {};
    private long lastArrival;
    private int bytesInFlight;
    private int chunks;
    private long carried;
    private long writes;
    private boolean ends;
    private boolean dropped;

    WireDirection(WireConditions conditions, VirtualClock clock) {
        this.conditions = conditions;
        this.clock = clock;
        this.lastArrival = clock.nanoTime();
    }

    /** Takes bytes, which wait until {@link #flush}. */
    void write(ByteBuffer bytes) {
        int length = waiting.length;
        waiting = Arrays.copyOf(waiting, length + bytes.remaining());
        bytes.get(waiting, length, bytes.remaining());
        writes++;
    }

    long writes() {
        return writes;
    }

    /** Sends as many bytes as fit; returns whether any were sent. */
    boolean flush() {
        int sent = dropped ? waiting.length : 0;
        while (sent < waiting.length && bytesInFlight < conditions.capacity()) {
            int size = conditions.chunks().get(chunks % conditions.chunks().size());
            long delay =
                    conditions.delays().get(chunks % conditions.delays().size()).toNanos();
            size = Math.min(size, Math.min(waiting.length - sent, conditions.capacity() - bytesInFlight));
            long arrival = clock.nanoTime() + delay;
            lastArrival = arrival - lastArrival > 0 ? arrival : lastArrival;
            chunksInFlight.add(new Chunk(ByteBuffer.wrap(Arrays.copyOfRange(waiting, sent, sent + size)), lastArrival));
            chunks++;
            sent += size;
            bytesInFlight += size;
        }
        waiting = Arrays.copyOfRange(waiting, sent, waiting.length);
        return sent > 0;
    }

    int waiting() {
        return waiting.length;
    }

    /** Marks the end of the direction. */
    void end() {
        ends = true;
    }

    /** Whether the receiver has reached the end mark. */
    boolean atEnd() {
        return ends && waiting.length == 0 && chunksInFlight.isEmpty();
    }

    /** Drops all bytes, also later ones. */
    void drop() {
        waiting = new byte[0];
        chunksInFlight.clear();
        bytesInFlight = 0;
        dropped = true;
    }

    /** The first bytes that have arrived, or null. The receiver must call {@link #consumed} afterwards. */
    @Nullable
    ByteBuffer arrived() {
        Chunk first = chunksInFlight.peek();
        return dropped || first == null || first.arrival - clock.nanoTime() > 0 ? null : first.bytes;
    }

    /** The receiver has read some of the arrived bytes. */
    void consumed(int length) {
        carried += length;
        if (dropped) {
            return;
        }
        bytesInFlight -= length;
        if (!chunksInFlight.element().bytes.hasRemaining()) {
            chunksInFlight.remove();
        }
    }

    /** The time at which the next chunk arrives, or {@link Long#MAX_VALUE}. */
    long nextArrival() {
        return chunksInFlight.isEmpty() ? Long.MAX_VALUE : chunksInFlight.element().arrival;
    }

    /** How many more bytes may be carried before the wire breaks. */
    long untilCut() {
        return conditions.cutAfter() - carried;
    }
}
