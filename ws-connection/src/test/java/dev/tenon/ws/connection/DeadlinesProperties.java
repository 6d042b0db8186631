package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of the timing wheel, with a clock of the test. */
class DeadlinesProperties {
    private static final long SLOT = 1L << 27;

    private static final class RecordingDeadline extends Deadlines.Entry {
        long deadline = Long.MAX_VALUE;
        int looks;
        final List<Long> fired = new ArrayList<>();

        @Override
        public long nextDeadline() {
            looks++;
            return deadline;
        }

        @Override
        public void due(long nowNanos) {
            assertTrue(nowNanos >= deadline, "early by " + (deadline - nowNanos) + " ns");
            assertTrue(nowNanos - deadline <= 2 * SLOT, "late by " + (nowNanos - deadline) + " ns");
            fired.add(deadline);
            deadline = Long.MAX_VALUE;
        }
    }

    @Property(tries = 200)
    void everyDeadlineFiresOnceInTimeHoweverItIsMoved(
            @ForAll @IntRange(min = 1, max = 30) int count, @ForAll long origin, @ForAll long seed) {
        Random random = new Random(seed);
        long start = origin >> 2; // leaves room for later times
        Deadlines wheel = new Deadlines(start);
        List<RecordingDeadline> deadlines = new ArrayList<>();
        List<Long> last = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            deadlines.add(new RecordingDeadline());
            last.add(null);
        }
        long now = start;
        for (int step = 0; step < 400; step++) {
            int one = random.nextInt(count);
            RecordingDeadline deadline = deadlines.get(one);
            if (random.nextInt(3) > 0) { // moved to an earlier time, or removed without notice
                deadline.deadline = now + (long) (random.nextDouble() * 90_000_000_000L);
                last.set(one, deadline.deadline);
                wheel.update(deadline);
            }
            now += random.nextInt(3) == 0 ? SLOT : random.nextInt((int) SLOT / 4);
            wheel.expire(now, Deadlines.Entry::due);
        }
        for (int step = 0; step < 800; step++) {
            now += SLOT;
            wheel.expire(now, Deadlines.Entry::due);
        }
        for (int i = 0; i < count; i++) {
            if (last.get(i) != null) {
                assertEquals(
                        last.get(i),
                        deadlines.get(i).fired.get(deadlines.get(i).fired.size() - 1));
                assertEquals(Long.MAX_VALUE, deadlines.get(i).deadline);
            }
        }
        assertEquals(Long.MAX_VALUE, wheel.nextNanos());
    }

    @Example
    void anIdleEntryIsNotLookedAtUntilItsDeadline() {
        Deadlines wheel = new Deadlines(0);
        RecordingDeadline deadline = new RecordingDeadline();
        deadline.deadline = 30_000_000_000L;
        wheel.update(deadline);
        int before = deadline.looks;
        for (long now = 0; now < 29_900_000_000L; now += 10_000_000) {
            wheel.expire(now, Deadlines.Entry::due);
        }
        assertEquals(before, deadline.looks);
        assertTrue(wheel.nextNanos() >= 30_000_000_000L);
    }

    @Example
    void manyThatAreDueAtOnceAreCalledATurnsWorthAtATime() {
        Deadlines wheel = new Deadlines(0);
        List<RecordingDeadline> deadlines = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            RecordingDeadline deadline = new RecordingDeadline();
            deadline.deadline = SLOT;
            deadlines.add(deadline);
            wheel.update(deadline);
        }
        int most = 0;
        int all = 0;
        for (int turn = 0; all < deadlines.size(); turn++) {
            assertTrue(turn < 1000, "some never ring");
            int[] fired = {0};
            wheel.expire(2 * SLOT, (entry, now) -> {
                fired[0]++;
                entry.due(now);
            });
            most = Math.max(most, fired[0]);
            all += fired[0];
        }
        assertTrue(most <= 256, most + " in one turn");
    }

    @Example
    void anEntryThatIsRemovedIsForgotten() {
        Deadlines wheel = new Deadlines(0);
        RecordingDeadline deadline = new RecordingDeadline();
        deadline.deadline = SLOT;
        wheel.update(deadline);
        wheel.remove(deadline);
        wheel.expire(100 * SLOT, Deadlines.Entry::due);
        assertEquals(List.of(), deadline.fired);
    }
}
