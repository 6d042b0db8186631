package dev.tenon.ws.testkit;

import java.time.Duration;
import java.util.List;

/**
 * What one direction of a {@link MemoryWire} does to the bytes. Immutable.
 *
 * @param chunks the sizes, in bytes, of the chunks in which bytes arrive, over and over
 * @param delays how long the chunks are under way, over and over; none overtakes another
 * @param capacity how many bytes may be under way or unread; the sender's further bytes wait
 * @param cutAfter after how many bytes the wire breaks, in both directions; {@link #NEVER} for a wire that holds
 */
public record WireConditions(List<Integer> chunks, List<Duration> delays, int capacity, long cutAfter) {
    /** No number of bytes breaks the wire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Large chunks, no delay, 64 KiB of capacity, never cut. */
    public static final WireConditions GOOD =
            new WireConditions(List.of(16 * 1024), List.of(Duration.ZERO), 64 * 1024, NEVER);

    /**
     * Checks the values.
     *
     * @param chunks sizes of 1 or more, at least one of them
     * @param delays not negative, at least one of them
     * @param capacity bytes, 1 or more
     * @param cutAfter bytes, 0 or more
     * @throws IllegalArgumentException if one is out of its range
     */
    public WireConditions {
        chunks = List.copyOf(chunks);
        delays = List.copyOf(delays);
        boolean good = !chunks.isEmpty() && chunks.stream().allMatch(size -> size > 0);
        good &= !delays.isEmpty() && delays.stream().noneMatch(Duration::isNegative);
        if (!good || capacity < 1 || cutAfter < 0) {
            throw new IllegalArgumentException("conditions that no wire can have");
        }
    }

    /**
     * These conditions with other chunks.
     *
     * @param sizes the sizes of the chunks, in bytes, over and over
     * @return the new conditions
     */
    public WireConditions withChunks(List<Integer> sizes) {
        return new WireConditions(sizes, delays, capacity, cutAfter);
    }

    /**
     * These conditions with other delays.
     *
     * @param times how long the chunks are under way, over and over
     * @return the new conditions
     */
    public WireConditions withDelays(List<Duration> times) {
        return new WireConditions(chunks, times, capacity, cutAfter);
    }

    /**
     * These conditions with another capacity.
     *
     * @param bytes how many may be under way or unread
     * @return the new conditions
     */
    public WireConditions withCapacity(int bytes) {
        return new WireConditions(chunks, delays, bytes, cutAfter);
    }

    /**
     * These conditions with another end.
     *
     * @param bytes after how many the wire breaks
     * @return the new conditions
     */
    public WireConditions withCutAfter(long bytes) {
        return new WireConditions(chunks, delays, capacity, bytes);
    }
}
