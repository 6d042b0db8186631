package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connections that are joining a room. */
class ArrivalsTest {
    private final ManualLoop loop = new ManualLoop();
    private final Arrivals arrivals = new Arrivals(arrival -> {});

    private Arrival arrival() {
        return new Arrival(new FakeConnection(loop).webSocket, null);
    }

    @Test
    void theyKeepTheOrderInWhichTheyCame() {
        List<Arrival> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(arrival());
            arrivals.add(all.get(i));
        }
        arrivals.end(all.remove(50));
        assertEquals(all, arrivals.copy());
        assertEquals(all, arrivals.endAll());
        assertTrue(arrivals.isEmpty());
    }

    @Test
    void theEndOfAnEarlierOneDoesNotEndALaterOneOfTheSameConnection() {
        Arrival earlier = arrival();
        Arrival later = new Arrival(earlier.webSocket, null);
        arrivals.add(earlier);
        assertSame(earlier.done, arrivals.subscription(earlier.webSocket));
        assertSame(earlier, arrivals.end(earlier.webSocket));
        arrivals.add(later);
        arrivals.end(earlier);
        assertSame(later.done, arrivals.subscription(earlier.webSocket));
        assertSame(later, arrivals.end(earlier.webSocket));
        assertNull(arrivals.end(earlier.webSocket));
    }

    @Test
    @Timeout(
            value = 20,
            threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a search through all for each would take minutes
    void manyJoinTogether() {
        int count = 200_000;
        List<Arrival> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Arrival arrival = arrival();
            assertNull(arrivals.subscription(arrival.webSocket));
            arrivals.add(arrival);
            all.add(arrival);
        }
        for (int i = count - 1; i >= 0; i--) {
            arrivals.end(all.get(i));
        }
        assertTrue(arrivals.isEmpty());
    }
}
