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

/** The connections of one order of {@link OrderProperties}, and the thread that selects. */
final class OrderRun {
    static final int CONNECTIONS = 6;
    private static final int LITTLE = 1000;
    private static final int MORE_THAN_ALL_BUFFERS = (ReceiveBuffers.COUNT + 2) * ReceiveBuffers.SIZE;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    /** A select that takes as long as this was not woken. */
    private static final long LONG_MILLIS = 10_000;

    private static final int WAKEUPS = 5;

    private final SelectorProvider provider;
    private final Selector selector;
    private final List<Traffic> connections = new ArrayList<>();
    private final List<Traffic> replaced = new ArrayList<>();
    private int opened;
    private int readSize = 1;

    OrderRun(SelectorProvider provider, Selector selector) throws IOException {
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

    void play(OrderProperties.Action action) throws Exception {
        Traffic traffic = connections.get(action.connection());
        int size = action.size();
        switch (action.step()) {
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
            case WAKE_ELSEWHERE -> wokenBy(selector::wakeup);
            case CANCEL -> cancel(traffic);
            case OPEN -> {
                if (!traffic.isOpen()) {
                    replaced.add(traffic);
                    connections.set(action.connection(), open());
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

    /** A task that another thread runs. */
    private interface Task {
        void run() throws IOException;
    }

    private static Thread start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.start();
        return thread;
    }

    /** Selects while another thread runs a task that must wake the selector. */
    private void wokenBy(Task task) throws Exception {
        long begin = System.nanoTime();
        Thread other = start(task);
        selector.select(this::ready, LONG_MILLIS);
        assertTrue(System.nanoTime() - begin < LONG_MILLIS * 1_000_000, "the selector sleeps on");
        other.join();
    }

    private void closeElsewhere(Traffic traffic) throws Exception {
        if (traffic.isOpen()) {
            wokenBy(traffic.near::close);
        }
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
    void finish() throws Exception {
        readSize = 100_000;
        pauseAll();
        start(() -> connections.forEach(each -> each.interest(SelectionKey.OP_READ)))
                .join();
        until("all is read", () -> {
            selector.select(this::ready, 10);
            for (Traffic each : connections) {
                each.farReads(100_000);
            }
            return connections.stream().allMatch(each -> each.isRead() && each.isReadByFar());
        });
        for (int i = 0; i < WAKEUPS; i++) { // no connection is ready now, so the selector sleeps
            wokenBy(selector::wakeup);
        }
        carryMuch();
        closeBeforeTheFirstSelect();
        replaced.addAll(connections);
        for (Traffic each : connections) {
            for (int i = 0; i < 200 && each.isFilledAtTheEnd() && each.nearSends(1000) > 0; i++) {
                selector.selectNow(this::ready);
            }
            each.nearSends(1000); // not sent yet when the channel is closed
            if (each.isFilledAtTheEnd()) {
                each.near.close();
            } else {
                closeElsewhere(each);
            }
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

    /** Pauses all connections; what is sent to them from then on stays in the sockets. */
    private void pauseAll() throws IOException {
        connections.forEach(each -> each.interest(0));
        selectSometimes();
        long held = held();
        for (Traffic each : connections) {
            each.farSends(1_000);
        }
        selectSometimes();
        assertEquals(held, held(), "bytes that were received for paused connections");
    }

    private void selectSometimes() throws IOException {
        for (int i = 0; i < 5; i++) {
            selector.selectNow(this::ready);
        }
    }

    private long held() {
        return connections.stream().mapToLong(Traffic::held).sum();
    }

    /** Sends so much that each of the selector's buffers is used again, little at a time: much would not need them. */
    private void carryMuch() throws IOException {
        Traffic fresh = open();
        replaced.add(fresh);
        fresh.interest(SelectionKey.OP_READ);
        int[] sent = new int[1];
        until("much is carried", () -> {
            if (fresh.isRead() && sent[0] < MORE_THAN_ALL_BUFFERS) {
                fresh.farSends(LITTLE);
                sent[0] += LITTLE;
            }
            selector.select(this::ready, 10);
            return sent[0] >= MORE_THAN_ALL_BUFFERS && fresh.isRead();
        });
        fresh.near.close();
    }

    private void closeBeforeTheFirstSelect() throws Exception {
        Traffic fresh = open();
        replaced.add(fresh);
        start(fresh.near::close).join();
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
