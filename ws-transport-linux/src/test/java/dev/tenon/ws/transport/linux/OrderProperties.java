package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Connections are paused, resumed, read, written, shut down and closed in any order: every read byte is the sent one at
 * its place, the end comes after the last byte, and no resource remains.
 */
class OrderProperties {
    /** The kinds of steps. */
    enum Step {
        FAR_SENDS,
        FAR_SENDS_MUCH,
        FAR_READS,
        FAR_SHUTS_DOWN,
        FAR_CLOSES,
        FAR_RESETS,
        RESUME,
        PAUSE,
        WATCH_ROOM,
        SELECT,
        READ_ASIDE,
        NEAR_SENDS,
        NEAR_FILLS,
        NEAR_SHUTS_DOWN,
        CLOSE,
        CLOSE_ELSEWHERE,
        WAKE_ELSEWHERE,
        CANCEL,
        OPEN
    }

    /**
     * One step.
     *
     * @param connection the index of the connection
     * @param size the number of bytes, at most
     */
    record Action(Step step, int connection, int size) {}

    /** Much is read from the socket itself, little by way of the selector's buffers; half of the orders are of little. */
    @Provide
    Arbitrary<List<Action>> orders() {
        return Arbitraries.of(900, 100_000).flatMap(this::orders);
    }

    private Arbitrary<List<Action>> orders(int mostBytes) {
        Arbitrary<Step> steps = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(Step.FAR_SENDS, Step.RESUME, Step.PAUSE, Step.SELECT)),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                Step.FAR_SENDS_MUCH,
                                Step.FAR_READS,
                                Step.NEAR_SENDS,
                                Step.NEAR_FILLS,
                                Step.WATCH_ROOM)),
                Tuple.of(1, Arbitraries.of(Step.class)));
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.integers().between(1, 100)),
                Tuple.of(2, Arbitraries.integers().between(1, mostBytes)));
        return Combinators.combine(steps, Arbitraries.integers().between(0, OrderRun.CONNECTIONS - 1), sizes)
                .as(Action::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(200);
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void everyByteComesInItsPlaceAndNothingIsLeft(@ForAll("orders") List<Action> actions) throws Exception {
        run(actions, RingSize.DEFAULT);
    }

    /** Each queue of this ring has four places, fewer than there are connections. */
    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void aSmallRingLosesNothing(@ForAll("orders") List<Action> actions) throws Exception {
        run(actions, new RingSize(4, 4));
    }

    private static void run(List<Action> actions, RingSize size) throws Exception {
        if (!Kernel.isUsable()) {
            return; // SelectorTest is skipped with the reason
        }
        SelectorProvider provider = IoUring.required();
        long before = Kernel.descriptors();
        try (Selector selector = new UringSelector(provider, size)) {
            OrderRun run = new OrderRun(provider, selector);
            for (Action action : actions) {
                run.play(action);
            }
            run.finish();
        }
        assertEquals(before, Kernel.descriptors(), "descriptors");
    }
}
