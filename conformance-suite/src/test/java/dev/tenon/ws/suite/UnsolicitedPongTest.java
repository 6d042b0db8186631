package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tenon.ws.suite.Arrival.SeenFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pongs that nothing has asked for, which are allowed at any time (RFC 6455 §5.5.3), and frames without end. */
class UnsolicitedPongTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(100), Duration.ofMillis(300));

    private static Outcome play(RawServer.Behaviour behaviour, String id) throws Exception {
        try (RawServer server = new RawServer(behaviour)) {
            return assertTimeoutPreemptively(RawServer.LONG, () -> server.play(SHORT_TIMEOUTS, id));
        }
    }

    /** Sends a frame again and again until the suite ends the connection. */
    private static RawServer.Behaviour repeating(WireFrame frame) {
        return wire -> {
            byte[] encoded = wire.encode(frame);
            while (true) {
                wire.send(encoded, Integer.MAX_VALUE);
            }
        };
    }

    @Test
    void pongsDoNotMakeACaseWaitForEver() throws Exception {
        Outcome outcome = play(repeating(WireFrame.pong("")), "2.10");
        assertEquals("nothing within 300 ms", outcome.reason());
    }

    @Test
    void pongsDoNotMakeACaseOfLimitsWaitForEver() throws Exception {
        Outcome outcome = play(repeating(WireFrame.pong("")), "19.4.1");
        assertEquals(Verdict.INFORMATIONAL, outcome.verdict(), outcome.reason());
    }

    @Test
    void pingsDoNotMakeACaseWaitForEver() throws Exception {
        Outcome outcome = play(repeating(WireFrame.ping("")), "1.1.1");
        assertEquals("nothing within 300 ms", outcome.reason());
    }

    @Test
    void aMessageWithoutEndIsNotKept() throws Exception {
        WireFrame part = WireFrame.binary(new byte[1 << 20]).notFinal();
        try (RawServer server = new RawServer(wire -> {
            wire.send(wire.encode(part), Integer.MAX_VALUE);
            repeating(part.opcode(Opcodes.CONTINUATION)).run(wire);
        })) {
            Outcome outcome = server.play(Settings.DEFAULT.withTimeouts(RawServer.LONG, RawServer.LONG), "1.2.1");
            assertEquals("the peer has sent a message of more than 67108864 bytes", outcome.reason());
        }
    }

    @Test
    void aPongBeforeAnEchoOrACloseIsPassedOver() throws Exception {
        try (RawServer server = new RawServer(UnsolicitedPongTest::echoBehindPongs)) {
            Report report = server.run(Settings.DEFAULT, "1.1.1", "3.1.1", "7.1.1");
            assertEquals(List.of(), report.red());
            assertEquals(3, report.count());
        }
    }

    private static void echoBehindPongs(Wire wire) throws IOException, InterruptedException {
        wire.startFrames();
        boolean open = true;
        while (open && wire.next(RawServer.LONG) instanceof SeenFrame frame) {
            boolean valid = frame.rsv() == 0;
            wire.send(wire.encode(WireFrame.pong("")), Integer.MAX_VALUE);
            wire.send(
                    wire.encode(valid ? WireFrame.of(frame.opcode(), frame.payload()) : WireFrame.close(1002, "")),
                    Integer.MAX_VALUE);
            open = valid && frame.opcode() != Opcodes.CLOSE;
        }
    }
}
