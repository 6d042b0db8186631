package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts how often the parser reads or moves a byte: a constant per byte, for any input and any split. */
class LinearWorkTest {
    private static final HeadLimits WIDE = new HeadLimits(1 << 22, 1 << 22, 1 << 22);

    @ParameterizedTest
    @ValueSource(strings = {"a: b\r\n", "a:\r\n", "x", "a: ,,,,,,,\r\n", "a:   \t\t\t   \r\n", "\r\n"})
    void theWorkIsLinearInAnySplit(String repeated) {
        for (int split : new int[] {1, 2, 7, 1 << 22}) {
            double some = workPerByte(repeated, 10_000, split);
            double more = workPerByte(repeated, 100_000, split);
            assertTrue(some <= 6 && more <= 6, some + " and " + more + " steps for each byte, split at " + split);
            assertTrue(more <= some * 1.2, "grows from " + some + " to " + more);
        }
    }

    private static double workPerByte(String repeated, int times, int split) {
        String start = repeated.equals("\r\n") ? "" : "GET / HTTP/1.1\r\nHost: a\r\n";
        byte[] input = bytes(start + repeated.repeat(times));
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(WIDE);
        for (int at = 0; at < input.length; at += split) {
            parser.parse(ByteBuffer.wrap(input, at, Math.min(split, input.length - at)));
        }
        return (double) parser.steps() / input.length;
    }
}
