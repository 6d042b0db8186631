package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The faults of a benchmark are sentences. */
class LoadReportTest {
    private static final CloseEvent TOO_BIG = new CloseEvent(CloseCode.MESSAGE_TOO_BIG, "too long", true, null);

    private final LoadCounters counters = new LoadCounters();

    private List<String> faults() {
        return report().faults(new Thresholds());
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

    private LoadReport report() {
        Duration second = Duration.ofSeconds(1);
        Load load = new Load(2, 1, 0, List.of(1), false, second, second);
        return new LoadReport("ws://x/", load, second, second, counters, List.of());
    }

    private static Thresholds thresholds(String... options) {
        return CommandLine.populateCommand(new Thresholds(), options);
    }

    @Test
    void aMessageThatHasNotComeBackCountsWithItsAgeAndNotAsEchoed() {
        counters.echoed(1_000_000);
        counters.notReturned(3_000_000_000L, 0);
        assertEquals(1, report().messagesPerSecond());
        assertEquals(List.of("p99 is 3000.00 ms, above --max-p99 5.00"), report().faults(thresholds("--max-p99", "5")));
        assertTrue(report().json(List.of()).contains("\"notReturned\":1"), report().json(List.of()));
    }

    @Test
    void withAThresholdAMessageThatWasNotSentIsAFault() {
        counters.echoed(1);
        counters.refused();
        assertEquals(List.of(), report().faults(thresholds()));
        assertEquals(
                List.of("1 messages were not sent, because too much waited: the server is too slow for --rate"),
                report().faults(thresholds("--max-p50", "5")));
    }

    @Test
    void whatComesBackAfterTheEndDoesNotCount() {
        Load load = new Load(1, 1, 1, List.of(1), false, Duration.ZERO, Duration.ZERO);
        LoadConnection connection = new LoadConnection(load, LoadConnection.Messages.of(load), counters);
        WebSocket sending = (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(),
                new Class<?>[] {WebSocket.class},
                (proxy, method, arguments) -> method.getName().equals("bufferedAmount") ? 0L : SendResult.QUEUED);
        connection.send(sending, 0);
        connection.send(sending, 0);
        connection.onPiece(sending, MessageType.BINARY, ByteBuffer.allocate(1), true);
        counters.stop();
        connection.onPiece(sending, MessageType.BINARY, ByteBuffer.allocate(1), true);
        connection.onPiece(sending, MessageType.BINARY, ByteBuffer.allocate(2), true);
        assertEquals(1, report().messagesPerSecond());
        assertEquals(List.of(), report().faults(thresholds()));
    }
}
