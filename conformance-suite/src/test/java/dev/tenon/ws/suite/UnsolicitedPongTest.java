package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.suite.Arrival.SeenFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Pongs that nothing has asked for, which are allowed at any time (RFC 6455 §5.5.3), and frames without end. */
@Execution(ExecutionMode.CONCURRENT)
class UnsolicitedPongTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(100), Duration.ofMillis(500));

    private static List<Outcome> play(RawServer.Behaviour behaviour, String... cases) throws Exception {
        try (RawServer server = new RawServer(behaviour)) {
            return assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> server.play(SHORT_TIMEOUTS, cases).outcomes());
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
        List<Outcome> outcomes = play(repeating(WireFrame.pong("")), "1.1.1", "2.10", "19.4.1");
        assertEquals(Verdict.FAILED, outcomes.get(0).verdict());
        assertEquals("nothing within 500 ms", outcomes.get(1).reason());
        assertEquals(Verdict.INFORMATIONAL, outcomes.get(2).verdict());
    }

    @Test
    void pingsDoNotMakeACaseWaitForEver() throws Exception {
        List<Outcome> outcomes = play(repeating(WireFrame.ping("")), "1.1.1");
        assertEquals("nothing within 500 ms", outcomes.get(0).reason());
    }

    @Test
    void aMessageWithoutEndIsNotKept() throws Exception {
        WireFrame part = WireFrame.binary(new byte[1 << 20]).notFinal();
        try (RawServer server = new RawServer(wire -> {
            wire.send(wire.encode(part), Integer.MAX_VALUE);
            repeating(part.opcode(Opcodes.CONTINUATION)).run(wire);
        })) {
            Report report = server.play(Settings.DEFAULT, "1.2.1");
            assertTrue(
                    report.red().get(0).endsWith("a message of more than 67108864 bytes"),
                    report.red().get(0));
        }
    }

    @Test
    void aPongBeforeAnEchoOrACloseIsPassedOver() throws Exception {
        try (RawServer server = new RawServer(UnsolicitedPongTest::echoBehindPongs)) {
            Report report = server.play(Settings.DEFAULT, "1.1.1", "3.1.1", "7.1.1");
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
