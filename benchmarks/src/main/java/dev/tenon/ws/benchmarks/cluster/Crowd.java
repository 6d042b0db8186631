package dev.tenon.ws.benchmarks.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients of all servers in one room, on one thread. The first client publishes the time, and some clients measure its age on
 * arrival.
 */
final class Crowd implements AutoCloseable, Member.Events {
    private static final int LENGTH = 64;
    private static final int BUFFER = 1 << 16;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Dialect dialect;
    private final int size;
    private final Selector selector = Selector.open();
    private final Thread reader = new Thread(this::run, "crowd");
    private final CountDownLatch begun;
    private final AtomicLong deliveries = new AtomicLong();
    private volatile @Nullable Throwable failure;
    private volatile @Nullable LatencyCounts latencies;
    private volatile @Nullable Member publisher;
    /** How many messages the reading thread keeps in flight. */
    private volatile int inFlight;

    private volatile long published;

    Crowd(Dialect dialect, List<String> servers, int perServer) throws Exception {
        this.dialect = dialect;
        size = servers.size() * perServer;
        begun = new CountDownLatch(size);
        reader.setDaemon(true);
        reader.start();
        for (int i = 0; i < size; i++) {
            Member member = new Member(URI.create(servers.get(i % servers.size())), i, dialect, LENGTH, this);
            member.channel.register(selector, SelectionKey.OP_READ, member);
            selector.wakeup();
        }
        if (!begun.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
            throw new IOException(begun.getCount() + " clients are not in the room after a minute", failure);
        }
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (true) {
                selector.select(key -> read(key, buffer));
                while (inFlight > 0 && deliveries.get() >= (published - inFlight) * size) {
                    publish(System.nanoTime());
                }
            }
        } catch (IOException | RuntimeException failed) {
            failure = failed;
        }
    }

    private static void read(SelectionKey key, ByteBuffer buffer) {
        try {
            ((Member) key.attachment()).read(buffer);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void ready(Member member) {
        if (publisher == null) {
            publisher = member;
        }
        begun.countDown();
    }

    @Override
    public void delivered(@Nullable String content) {
        deliveries.setRelease(deliveries.getPlain() + 1);
        LatencyCounts counts = latencies;
        if (content != null && counts != null) {
            counts.record(System.nanoTime() - Long.parseLong(content.substring(0, content.indexOf(' '))));
        }
    }

    long deliveries() {
        return deliveries.get();
    }

    private void publish(long time) throws IOException {
        String content = time + " ";
        Member first = publisher;
        if (first != null) {
            long number = published + 1;
            published = number;
            first.send(dialect.publish(number, content + "x".repeat(LENGTH - content.length())));
        }
    }

    /** Publishes as fast as all clients receive, with a number of messages in flight, then waits for the last delivery. */
    void saturate(int seconds, int messages) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        inFlight = messages;
        selector.wakeup();
        while (failure == null && System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        inFlight = 0;
        drain();
    }

    /** Publishes at a rate, and measures from the time at which each message is due. */
    LatencyCounts pace(int seconds, double perSecond) throws IOException {
        LatencyCounts counts = new LatencyCounts();
        latencies = counts;
        long start = System.nanoTime();
        for (long i = 0; i < perSecond * seconds && failure == null; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            publish(due);
        }
        drain();
        latencies = null;
        return counts;
    }

    private void drain() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (deliveries() < published * size) {
            if (failure != null || System.nanoTime() > end) {
                throw new IOException(published * size - deliveries() + " deliveries are missing", failure);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
