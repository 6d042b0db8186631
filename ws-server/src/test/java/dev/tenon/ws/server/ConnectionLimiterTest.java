package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConnectionLimiterTest {
    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private static ConnectionLimiter.Permit enter(ConnectionLimiter limiter, String literal)
            throws UnknownHostException {
        return given(limiter.acquire(address(literal)));
    }

    private static ConnectionLimiter.Permit given(ConnectionLimiter.@Nullable Permit permit) {
        return Objects.requireNonNull(permit, "there is a permit, if only to be told that there is none");
    }

    @Test
    void ipv6CountsBySlash64AndIpv4ByAddress() throws Exception {
        ConnectionLimiter limiter = new ConnectionLimiter(ConnectionLimiter.UNLIMITED, 1);
        assertTrue(enter(limiter, "2001:db8:0:1::1").isAdmitted());
        assertFalse(enter(limiter, "2001:db8:0:1:ffff::2").isAdmitted());
        assertTrue(enter(limiter, "2001:db8:0:2::1").isAdmitted());
        assertTrue(enter(limiter, "192.0.2.1").isAdmitted());
        assertTrue(enter(limiter, "192.0.2.2").isAdmitted());
        assertFalse(enter(limiter, "::ffff:192.0.2.2").isAdmitted(), "the same client, however it is written");
    }

    @Test
    void withoutLimitsNoLoopWaitsForAnother() throws Exception {
        ConnectionLimiter unlimited = new ConnectionLimiter(ConnectionLimiter.UNLIMITED, ConnectionLimiter.UNLIMITED);
        synchronized (unlimited) {
            CompletableFuture.runAsync(() -> given(unlimited.acquire(null)).run())
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void loopbackAndUnknownAddressesAreLimitedInTotalOnly() throws Exception {
        ConnectionLimiter limiter = new ConnectionLimiter(4, 1);
        for (String literal : List.of("127.0.0.1", "127.0.0.1", "::1")) {
            assertTrue(enter(limiter, literal).isAdmitted());
        }
        assertTrue(given(limiter.acquire(null)).isAdmitted());
        assertFalse(given(limiter.acquire(null)).isAdmitted());
        assertEquals(0, limiter.addresses());
    }

    @Test
    void onlySomeRejectedConnectionsGetAResponse() {
        ConnectionLimiter limiter = new ConnectionLimiter(1, 1);
        List<ConnectionLimiter.Permit> permits = new ArrayList<>();
        for (int i = 0; i <= ConnectionLimiter.MOST_REJECTED; i++) {
            permits.add(given(limiter.acquire(null)));
        }
        assertNull(limiter.acquire(null));
        permits.get(5).run();
        assertFalse(given(limiter.acquire(null)).isAdmitted(), "there is a permit for one more to be told");
        assertNull(limiter.acquire(null));
        permits.get(0).run();
        permits.get(0).run();
        assertTrue(given(limiter.acquire(null)).isAdmitted(), "and one for good");
        assertNull(limiter.acquire(null));
    }

    @Test
    void aPermitIsClaimedForOneAddressAndReleasedOnce() throws Exception {
        ConnectionLimiter limiter = new ConnectionLimiter(10, 1);
        ConnectionLimiter.Permit behindProxy = given(limiter.acquire(null));
        assertTrue(behindProxy.claim(address("192.0.2.1")));
        assertFalse(enter(limiter, "192.0.2.1").isAdmitted());
        behindProxy.run();
        behindProxy.run();
        assertEquals(0, limiter.addresses());
        assertFalse(behindProxy.claim(address("192.0.2.1")), "it has left");
        ConnectionLimiter.Permit next = enter(limiter, "192.0.2.1");
        assertTrue(next.isAdmitted());
        assertFalse(enter(limiter, "192.0.2.1").isAdmitted());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theCountIsExactUnderChurn() throws Exception {
        int most = 20;
        int perAddress = 3;
        ConnectionLimiter limiter = new ConnectionLimiter(most, perAddress);
        InetAddress[] addresses = new InetAddress[8];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = address("192.0.2." + i);
        }
        AtomicInteger inside = new AtomicInteger();
        AtomicIntegerArray insidePerAddress = new AtomicIntegerArray(addresses.length);
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger admissions = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            Thread thread = new Thread(() -> {
                Deque<Runnable> mine = new ArrayDeque<>();
                for (int i = 0; i < 50_000; i++) {
                    int which = random.nextInt(addresses.length);
                    ConnectionLimiter.Permit permit = random.nextInt(3) == 0 ? null : limiter.acquire(addresses[which]);
                    if (permit != null && permit.isAdmitted()) {
                        admissions.incrementAndGet();
                        if (inside.incrementAndGet() > most || insidePerAddress.incrementAndGet(which) > perAddress) {
                            broken.incrementAndGet();
                        }
                        mine.add(() -> {
                            inside.decrementAndGet();
                            insidePerAddress.decrementAndGet(which);
                            permit.run();
                        });
                    } else if (permit != null) {
                        permit.run();
                    }
                    if (mine.size() > random.nextInt(8)) {
                        mine.remove().run();
                    }
                }
                mine.forEach(Runnable::run);
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, broken.get());
        assertTrue(admissions.get() > 10_000);
        assertEquals(0, limiter.addresses());
        for (int i = 0; i < most; i++) { // no permit is lost: all are free again
            assertTrue(given(limiter.acquire(addresses[i % addresses.length])).isAdmitted());
        }
        assertFalse(given(limiter.acquire(addresses[0])).isAdmitted());
    }
}
