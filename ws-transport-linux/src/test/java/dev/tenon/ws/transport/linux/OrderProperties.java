package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
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
    private static final int CONNECTIONS = 6;
    private static final int MORE_THAN_ALL_BUFFERS = 3 * ReceiveBuffers.COUNT * ReceiveBuffers.SIZE;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

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

    @Provide
    Arbitrary<List<Action>> orders() {
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
                Tuple.of(2, Arbitraries.integers().between(1, 100_000)));
        return Combinators.combine(steps, Arbitraries.integers().between(0, CONNECTIONS - 1), sizes)
                .as(Action::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(200);
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void everyByteComesInItsPlaceAndNothingIsLeft(@ForAll("orders") List<Action> actions) throws Exception {
        SelectorProvider provider = IoUring.orNio();
        if (IoUring.unavailable().isPresent()) {
            return; // SelectorTest tests this
        }
        long before = Kernel.descriptors();
        try (Selector selector = provider.openSelector()) {
            Run run = new Run(provider, selector);
            for (Action action : actions) {
                run.play(action);
            }
            run.finish();
        }
        assertEquals(before, Kernel.descriptors(), "descriptors");
    }

    private static final class Run {
        private final SelectorProvider provider;
        private final Selector selector;
        private final List<Traffic> connections = new ArrayList<>();
        private final List<Traffic> replaced = new ArrayList<>();
        private int opened;
        private int readSize = 1;

        Run(SelectorProvider provider, Selector selector) throws IOException {
            this.provider = provider;
            this.selector = selector;
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(open());
            }
        }

        private Traffic open() throws IOException {
            Traffic traffic = Traffic.open(++opened, provider, selector);
            SelectionKey key = traffic.near.keyFor(selector);
            key.attach(traffic);
            return traffic;
        }

        void play(Action action) throws Exception {
            Traffic traffic = connections.get(action.connection);
            int size = action.size;
            switch (action.step) {
                case FAR_SENDS -> traffic.farSends(size);
                case FAR_SENDS_MUCH -> {
                    for (int i = 0; i < 10; i++) {
                        traffic.farSends(200_000);
                    }
                }
                case FAR_READS -> traffic.farReads(size);
                case FAR_SHUTS_DOWN -> traffic.farShutsDown();
                case FAR_CLOSES -> traffic.farCloses(false);
                case FAR_RESETS -> traffic.farCloses(true);
                case RESUME -> traffic.interest(SelectionKey.OP_READ);
                case PAUSE -> traffic.interest(0);
                case WATCH_ROOM -> traffic.interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                case SELECT -> select(size);
                case READ_ASIDE -> traffic.nearReads(size);
                case NEAR_SENDS -> traffic.nearSends(size);
                case NEAR_FILLS -> {
                    for (int i = 0; i < 200 && traffic.nearSends(1000) > 0; i++) {
                        selector.selectNow(this::ready);
                    }
                }
                case NEAR_SHUTS_DOWN -> traffic.nearShutsDown();
                case CLOSE -> traffic.near.close();
                case CLOSE_ELSEWHERE -> closeElsewhere(traffic);
                case CANCEL -> cancel(traffic);
                case OPEN -> {
                    if (!traffic.isOpen()) {
                        replaced.add(traffic);
                        connections.set(action.connection, open());
                    }
                }
                default -> throw new AssertionError(action);
            }
        }

        private void select(int size) throws IOException {
            readSize = size;
            selector.selectNow(this::ready);
        }

        private void ready(SelectionKey key) {
            Traffic traffic = (Traffic) key.attachment();
            try {
                if (key.isReadable() && traffic.nearReads(readSize) < 0 && key.isValid()) {
                    key.interestOps(0);
                } else if (key.isValid() && key.isWritable()) {
                    traffic.nearSends(readSize);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void closeElsewhere(Traffic traffic) throws InterruptedException {
            Thread closer = new Thread(() -> {
                try {
                    traffic.near.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            closer.start();
            closer.join();
        }

        /** Deregisters a channel from the selector, and registers it again. */
        private void cancel(Traffic traffic) throws IOException {
            SelectionKey key = traffic.near.keyFor(selector);
            if (key == null || !traffic.isOpen()) {
                return;
            }
            key.cancel();
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (traffic.near.isRegistered()) {
                assertTrue(System.nanoTime() < end, "a cancelled key stays");
                traffic.farReads(100_000); // the key stays until the socket has taken what the channel has accepted
                selector.selectNow(this::ready);
            }
            if (traffic.isOpen()) {
                traffic.near.register(selector, 0, traffic);
            }
        }

        /** Reads all sent bytes, closes all channels; the far ends see that, and the selector is empty. */
        void finish() throws IOException {
            readSize = 100_000;
            until("all is read", () -> {
                connections.forEach(each -> each.interest(SelectionKey.OP_READ));
                selector.select(this::ready, 10);
                for (Traffic each : connections) {
                    each.farReads(100_000);
                }
                return connections.stream().allMatch(each -> each.isRead() && each.isReadByFar());
            });
            carryMuch();
            replaced.addAll(connections);
            for (Traffic each : connections) {
                for (int i = 0; i < 200 && each.isFilledAtTheEnd() && each.nearSends(1000) > 0; i++) {
                    selector.selectNow(this::ready);
                }
                each.nearSends(1000); // not sent yet when the channel is closed
                each.near.close();
            }
            until("all far ends see the end", () -> {
                selector.selectNow(this::ready);
                boolean all = true;
                for (Traffic each : replaced) {
                    all &= each.farReads(100_000) < 0;
                }
                return all;
            });
            until("no key is left", () -> {
                selector.selectNow(this::ready);
                return selector.keys().isEmpty();
            });
            for (Traffic each : replaced) {
                each.close();
            }
        }

        /** Sends so much that each of the selector's buffers is used again. */
        private void carryMuch() throws IOException {
            Traffic fresh = open();
            replaced.add(fresh);
            fresh.interest(SelectionKey.OP_READ);
            int[] sent = new int[1];
            until("much is carried", () -> {
                if (sent[0] < MORE_THAN_ALL_BUFFERS) {
                    fresh.farSends(200_000);
                    sent[0] += 200_000;
                }
                selector.select(this::ready, 10);
                return sent[0] >= MORE_THAN_ALL_BUFFERS && fresh.isRead();
            });
            fresh.near.close();
        }

        private interface Condition {
            boolean holds() throws IOException;
        }

        private void until(String what, Condition condition) throws IOException {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!condition.holds()) {
                assertTrue(System.nanoTime() < end, () -> "not in time: " + what + "; " + connections);
            }
        }
    }
}
