package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TimerProperties {
    /** The clock may begin anywhere, also just before it wraps around. */
    @Property
    void timersRunWhenTheyAreDueInOrderAndNotBefore(
            @ForAll @Size(max = 20) List<@LongRange(min = 0, max = 50) Long> delays, @ForAll long start) {
        TimerQueue queue = new TimerQueue();
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < delays.size(); i++) {
            int number = i;
            queue.add(start + delays.get(i), () -> ran.add(number));
        }
        for (int now = 0; now <= 50; now++) {
            Timer due;
            while ((due = queue.pollDue(start + now)) != null) {
                due.task().run();
                assertEquals(now, delays.get(ran.get(ran.size() - 1)));
            }
        }
        assertTrue(queue.isEmpty());
        assertEquals(
                IntStream.range(0, delays.size())
                        .boxed()
                        .sorted(Comparator.comparing(delays::get))
                        .toList(),
                ran);
    }

    @Property
    void theNextTimerIsTheEarliestOfThem(@ForAll @Size(max = 20) List<@LongRange(min = 0, max = 50) Long> delays) {
        TimerQueue queue = new TimerQueue();
        delays.forEach(delay -> queue.add(delay, () -> {}));
        assertEquals(delays.stream().min(Comparator.naturalOrder()).orElse(Long.MAX_VALUE), queue.nextNanos());
    }

    @Example
    void aLoopRunsItsTimersInTimeAndForgetsThoseThatAreCancelled() throws Exception {
        EventLoops loops = EventLoops.start(1, "tenon-test", true);
        CompletableFuture<Boolean> undisturbed = new CompletableFuture<>();
        EventLoop loop = loops.next();
        long start = System.nanoTime();
        loop.execute(() -> {
            loop.schedule(10_000_000, () -> undisturbed.complete(false)).cancel();
            chain(loop, 20, undisturbed);
        });
        try {
            assertTrue(undisturbed.get(20, TimeUnit.SECONDS));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 200 && millis < 4_000, "after " + millis + " ms");
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    private static void chain(EventLoop loop, int more, CompletableFuture<Boolean> end) {
        if (more == 0) {
            end.complete(true);
        } else {
            loop.schedule(10_000_000, () -> chain(loop, more - 1, end));
        }
    }
}
