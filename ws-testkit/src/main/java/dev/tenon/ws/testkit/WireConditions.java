package dev.tenon.ws.testkit;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * How one direction of a {@link MemoryWire} splits, delays and cuts the bytes. Immutable.
 *
 * @param chunks the sizes of the chunks in bytes, repeated
 * @param delays the delays of the chunks, repeated; no chunk overtakes another
 * @param capacity how many bytes may be in flight or unread; further bytes wait at the sender
 * @param cutAfter after how many bytes the wire breaks, in both directions; {@link #NEVER} for a wire that does not
 *     break
 */
public record WireConditions(List<Integer> chunks, List<Duration> delays, int capacity, long cutAfter) {
    /** The wire never breaks. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Large chunks, no delay, 64 KiB of capacity, never cut. */
    public static final WireConditions GOOD =
            new WireConditions(List.of(16 * 1024), List.of(Duration.ZERO), 64 * 1024, NEVER);

    /** In the order of shrinking, the simplest first. */
    private static final List<Integer> SIZES = List.of(16 * 1024, 400, 50, 7, 3, 2, 1);

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
            throw new IllegalArgumentException(
                    "a wire needs a chunk and a delay; chunks and capacity are positive, delays"
                            + " and cutAfter not negative: " + chunks + ", " + delays + ", " + capacity + ", "
                            + cutAfter);
        }
    }

    /**
     * Generates any conditions, as {@code @ForAll WireConditions} generates them. Every fifth wire breaks within its
     * first 500 bytes, unless {@code withCutAfter(NEVER)} is set. Shrinks to {@link #GOOD}.
     *
     * @return an arbitrary of chunks from 1 byte to 16 KiB, delays up to 20 ms, and capacities from 100 bytes
     */
    public static Arbitrary<WireConditions> any() {
        Arbitrary<List<Integer>> chunks =
                Arbitraries.of(SIZES).list().ofMinSize(1).ofMaxSize(4);
        Arbitrary<List<Duration>> delays = Arbitraries.of(0, 0, 1, 20)
                .map(Duration::ofMillis)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
        Arbitrary<Integer> capacities = Arbitraries.of(GOOD.capacity, 1_000, 100);
        Arbitrary<Long> cuts = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(NEVER)),
                Tuple.of(1, Arbitraries.longs().between(0, 500)));
        return Combinators.combine(chunks, delays, capacities, cuts)
                .as(WireConditions::new)
                .withoutEdgeCases();
    }

    /**
     * Returns these conditions with other chunks.
     *
     * @param sizes the sizes of the chunks in bytes, repeated
     * @return the new conditions
     */
    public WireConditions withChunks(List<Integer> sizes) {
        return new WireConditions(sizes, delays, capacity, cutAfter);
    }

    /**
     * Returns these conditions with other delays.
     *
     * @param times the delays of the chunks, repeated
     * @return the new conditions
     */
    public WireConditions withDelays(List<Duration> times) {
        return new WireConditions(chunks, times, capacity, cutAfter);
    }

    /**
     * Returns these conditions with another capacity.
     *
     * @param bytes how many bytes may be in flight or unread
     * @return the new conditions
     */
    public WireConditions withCapacity(int bytes) {
        return new WireConditions(chunks, delays, bytes, cutAfter);
    }

    /**
     * Returns these conditions with another end.
     *
     * @param bytes after how many the wire breaks
     * @return the new conditions
     */
    public WireConditions withCutAfter(long bytes) {
        return new WireConditions(chunks, delays, capacity, bytes);
    }
}
