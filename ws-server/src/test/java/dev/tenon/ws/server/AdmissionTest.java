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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AdmissionTest {
    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private static Admission.Place enter(Admission admission, String literal) throws UnknownHostException {
        return given(admission.enter(address(literal)));
    }

    private static Admission.Place given(Admission.@Nullable Place place) {
        return Objects.requireNonNull(place, "there is a place, if only to be told that there is none");
    }

    @Test
    void ipv6CountsBySlash64AndIpv4ByAddress() throws Exception {
        Admission admission = new Admission(Admission.UNLIMITED, 1);
        assertTrue(enter(admission, "2001:db8:0:1::1").isAdmitted());
        assertFalse(enter(admission, "2001:db8:0:1:ffff::2").isAdmitted());
        assertTrue(enter(admission, "2001:db8:0:2::1").isAdmitted());
        assertTrue(enter(admission, "192.0.2.1").isAdmitted());
        assertTrue(enter(admission, "192.0.2.2").isAdmitted());
        assertFalse(enter(admission, "::ffff:192.0.2.2").isAdmitted(), "the same client, however it is written");
    }

    @Test
    void loopbackAndNobodyAreNotLimitedPerAddressButInAll() throws Exception {
        Admission admission = new Admission(4, 1);
        for (String literal : List.of("127.0.0.1", "127.0.0.1", "::1")) {
            assertTrue(enter(admission, literal).isAdmitted());
        }
        assertTrue(given(admission.enter(null)).isAdmitted());
        assertFalse(given(admission.enter(null)).isAdmitted());
        assertEquals(0, admission.addresses());
    }

    @Test
    void onlySoManyAreToldThatTheyAreTooMany() {
        Admission admission = new Admission(1, 1);
        List<Admission.Place> places = new ArrayList<>();
        for (int i = 0; i <= Admission.MOST_TURNED_AWAY; i++) {
            places.add(given(admission.enter(null)));
        }
        assertNull(admission.enter(null));
        places.get(5).run();
        assertFalse(given(admission.enter(null)).isAdmitted(), "there is a place for one more to be told");
        assertNull(admission.enter(null));
        places.get(0).run();
        places.get(0).run();
        assertTrue(given(admission.enter(null)).isAdmitted(), "and one for good");
        assertNull(admission.enter(null));
    }

    @Test
    void aPlaceIsClaimedForOneAddressAndGivenBackOnce() throws Exception {
        Admission admission = new Admission(10, 1);
        Admission.Place behindProxy = given(admission.enter(null));
        assertTrue(behindProxy.claim(address("192.0.2.1")));
        assertFalse(enter(admission, "192.0.2.1").isAdmitted());
        behindProxy.run();
        behindProxy.run();
        assertEquals(0, admission.addresses());
        assertFalse(behindProxy.claim(address("192.0.2.1")), "it has left");
        Admission.Place next = enter(admission, "192.0.2.1");
        assertTrue(next.isAdmitted());
        assertFalse(enter(admission, "192.0.2.1").isAdmitted());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theCountIsExactUnderChurn() throws Exception {
        int most = 20;
        int perAddress = 3;
        Admission admission = new Admission(most, perAddress);
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
                    Admission.Place place = random.nextInt(3) == 0 ? null : admission.enter(addresses[which]);
                    if (place != null && place.isAdmitted()) {
                        admissions.incrementAndGet();
                        if (inside.incrementAndGet() > most || insidePerAddress.incrementAndGet(which) > perAddress) {
                            broken.incrementAndGet();
                        }
                        mine.add(() -> {
                            inside.decrementAndGet();
                            insidePerAddress.decrementAndGet(which);
                            place.run();
                        });
                    } else if (place != null) {
                        place.run();
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
        assertEquals(0, admission.addresses());
        for (int i = 0; i < most; i++) { // nothing has leaked: all places are free again
            assertTrue(given(admission.enter(addresses[i % addresses.length])).isAdmitted());
        }
        assertFalse(given(admission.enter(addresses[0])).isAdmitted());
    }
}
