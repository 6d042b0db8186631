package dev.tenon.ws.conformance.faults;

import dev.tenon.keys.TestKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/**
 * Runs random clients and faults against a server for some time, while a publisher sends to a group of slow readers.
 * Compares every echo. At the end the server must hold no more resources than after the first part; both are measured
 * while no client is connected.
 */
final class Soak {
    /** An increase beyond this is a leak. Pools and the JVM itself may still grow a little. */
    private static final Figures ALLOWANCE = new Figures(8 << 20, 8 << 20, 8, 0, 3);

    private static final int CLIENTS = 8;

    private final FaultProcess server;
    private final SSLContext tls;
    private final SoakCounters counters = new SoakCounters();

    private Soak(FaultProcess server, SSLContext tls) {
        this.server = server;
        this.tls = tls;
    }

    /** Runs against a server until the time is over; throws if a check has failed. */
    static void run(FaultProcess server, TestKey key, Duration time, long seed) throws Exception {
        Duration first = time.compareTo(Duration.ofMinutes(3)) < 0 ? time.dividedBy(3) : Duration.ofMinutes(1);
        Soak soak = new Soak(server, key.trusting(key));
        System.out.printf("Soak of %d s, seed %d%n", time.toSeconds(), seed);
        soak.part(first, seed);
        Figures early = soak.rest(new Figures(0, 0, 0, 0, 0).plus(1L << 40, 1L << 40, 1 << 20, 1 << 20, 1 << 20));
        System.out.println("After the first part: " + early);
        soak.part(time.minus(first), seed + CLIENTS + 1);
        Figures bound = early.plus(
                ALLOWANCE.heap(),
                ALLOWANCE.direct(),
                ALLOWANCE.natives(),
                ALLOWANCE.threads(),
                ALLOWANCE.descriptors());
        Figures late = soak.rest(bound);
        System.out.println("At the end: " + late);
        soak.counters.requireAll();
        if (!late.within(bound)) {
            throw new IOException("not level: " + early + "; then " + late);
        }
    }

    /** Waits until no client is connected. */
    private Figures rest(Figures bound) throws IOException, InterruptedException {
        FaultProcess.Report report = server.settled(0, bound);
        if (report.open() != 0) {
            throw new IOException(report.open() + " connections have not ended");
        }
        return report.figures();
    }

    /** A client that performs one action after another. */
    interface Actor extends AutoCloseable {
        void act() throws Exception;

        @Override
        void close() throws IOException;
    }

    private interface ActorFactory {
        Actor enter(Random random) throws Exception;
    }

    private void part(Duration time, long seed) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        CountDownLatch done = new CountDownLatch(CLIENTS + 1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i <= CLIENTS; i++) {
            Random random = new Random(seed + i);
            ActorFactory factory = i == CLIENTS
                    ? own -> new SoakBroadcast(server, own, counters)
                    : own -> new SoakClient(server, tls, own, counters);
            Thread thread = new Thread(
                    () -> {
                        try (Actor actor = factory.enter(random)) {
                            while (System.nanoTime() - end < 0 && failure.get() == null) {
                                actor.act();
                            }
                        } catch (Exception | AssertionError wrong) {
                            failure.compareAndSet(null, wrong);
                        } finally {
                            done.countDown();
                        }
                    },
                    "soak-" + i);
            threads.add(thread);
            thread.start();
        }
        while (!done.await(10, TimeUnit.SECONDS)) {
            System.out.println(counters);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(counters);
        Throwable wrong = failure.get();
        if (wrong != null) {
            throw new IOException("a client has failed: " + wrong + "; the server says: " + server.log(), wrong);
        }
    }
}
