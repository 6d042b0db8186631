package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The faults of a benchmark are sentences. */
class LoadReportTest {
    private static final CloseEvent TOO_BIG = new CloseEvent(CloseCode.MESSAGE_TOO_BIG, "too long", true, null);

    private final LoadCounters counters = new LoadCounters();

    private List<String> faults() {
        Duration second = Duration.ofSeconds(1);
        Load load = new Load(2, 1, 0, List.of(1), false, second, second);
        return new LoadReport("ws://x/", load, second, second, counters, List.of()).faults(new Thresholds());
    }

    @Test
    void theFirstEndIsToldAndNotBlamedOnTheEcho() {
        counters.lost(TOO_BIG);
        String code = "1009 (message too big) \"too long\"";
        assertEquals(List.of("1 connection has ended: " + code, "no message was echoed"), faults());
        counters.lost(TOO_BIG);
        assertEquals("2 connections have ended, the first: " + code, faults().get(0));
    }

    @Test
    void silenceMayBeSlowness() {
        assertEquals(
                List.of("no message was echoed: the server is no echo server, or slower than this time"), faults());
    }
}
