package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Keepalive, with the time as a parameter; the clock may begin at any value. */
class KeepaliveTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = Long.MAX_VALUE - 40 * SECOND; // the clock may even wrap around
    private static final String PING = "FIN PING 74656e6f6e006b61";

    private static Rig started(Role role) {
        Rig rig = Rig.open(role);
        rig.connection.tick(START);
        assertEquals(START + 30 * SECOND, rig.connection.nextDeadline());
        return rig;
    }

    private static void at(Rig rig, long seconds) {
        rig.connection.tick(START + seconds * SECOND);
    }

    @ParameterizedTest
    @EnumSource
    void aSilentPeerIsPingedAndThenAborted(Role role) {
        Rig rig = started(role);
        at(rig, 29);
        rig.assertSent();
        at(rig, 30);
        rig.assertSent(PING);
        at(rig, 49);
        rig.assertSent();
        at(rig, 50);
        rig.assertSent("<abort>");
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
        assertInstanceOf(IOException.class, rig.listener.closed().cause());
    }

    /** A transport ticks only at {@code nextDeadline()}. */
    @ParameterizedTest
    @EnumSource
    void ticksAtTheDeadlinesPingAfterEachSilence(Role role) {
        Rig rig = Rig.open(role);
        rig.connection.tick(0);
        long now = 0;
        for (int ping = 1; ping <= 5; ping++) {
            now = tickUntilPinged(rig, now);
            assertEquals(30L * ping * SECOND, now, "a ping after each 30 s, however long an answer might take");
            rig.receive(rig.pong("74656e6f6e006b61"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSilentPeerIsDetectedAtMostAQuarterOfTheTimeoutLate(Role role) {
        for (int receivedAt = 0; receivedAt < 30; receivedAt++) {
            Rig rig = Rig.open(role);
            rig.connection.tick(0);
            rig.receive(rig.text("a"));
            long silence = tickUntilPinged(rig, receivedAt * SECOND) / SECOND - receivedAt;
            assertTrue(silence >= 30 && silence <= 38, "pinged after " + silence + " s of silence");
        }
    }

    /** Ticks at each deadline until a ping has been sent; returns the time of that tick. */
    private static long tickUntilPinged(Rig rig, long now) {
        long time = now;
        for (int ticks = 0; ticks < 100; ticks++) {
            time = Math.max(time, rig.connection.nextDeadline());
            rig.connection.tick(time);
            List<String> sent = rig.wire.takeWritten();
            if (!sent.isEmpty()) {
                assertEquals(List.of(PING), sent);
                return time;
            }
        }
        throw new AssertionError("no ping after 100 ticks");
    }

    /** Other frames may arrive before the pong, and each of them is a sign of life. */
    @ParameterizedTest
    @EnumSource
    void aLatePongToAKeepalivePingIsNotReportedEither(Role role) {
        Rig rig = started(role);
        at(rig, 30);
        rig.receive(rig.text("crosses the ping"));
        at(rig, 31);
        rig.receive(rig.pong("74656e6f6e006b61"));
        rig.assertEvents("text crosses the ping");
        rig.receive(rig.pong("74656e6f6e006b61"));
        rig.assertEvents("pong 74656e6f6e006b61");
    }

    @ParameterizedTest
    @EnumSource
    void durationsWithoutEndAreNone(Role role) {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        Rig pinging = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withKeepalive(Duration.ofSeconds(30), forever))
                .open();
        pinging.connection.tick(0);
        pinging.connection.tick(30 * SECOND);
        pinging.assertSent(PING);
        pinging.connection.tick(3_000_000 * SECOND);
        pinging.assertSent();
        Rig quiet = Rig.of(role)
                .options(ConnectionOptions.DEFAULT
                        .withKeepalive(forever, forever)
                        .withCloseTimeout(forever)
                        .withDrainTimeout(forever))
                .open();
        quiet.connection.tick(0);
        quiet.connection.tick(3_000_000 * SECOND);
        quiet.webSocket.close();
        quiet.assertSent("FIN CLOSE 03e8");
        quiet.connection.tick(3_000_001 * SECOND);
        quiet.connection.tick(6_000_000 * SECOND);
        quiet.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void anyReceivedByteResetsTheIdleTimeout(Role role) {
        Rig rig = started(role);
        at(rig, 30);
        rig.receive(new byte[] {(byte) 0x81});
        at(rig, 50);
        at(rig, 79);
        rig.assertSent(PING);
        at(rig, 80);
        rig.assertSent(PING);
    }

    @ParameterizedTest
    @EnumSource
    void aSlowPeerThatStillTakesBytesIsNotDead(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withWriteTimeout(Duration.ofHours(1)))
                .open();
        rig.connection.tick(0);
        rig.webSocket.sendBinary(ByteBuffer.allocate(10_000));
        rig.wire.backlog = 9_000;
        at(rig, 1);
        rig.wire.takeWritten();
        for (int seconds = 30; seconds < 300; seconds += 15) {
            rig.wire.backlog -= 10;
            at(rig, seconds);
        }
        assertEquals(List.of(), rig.wire.takeWritten());
        at(rig, 340);
        rig.assertSent(PING);
        rig.wire.backlog += role == Role.CLIENT ? 14 : 10; // the ping waits behind the rest
        at(rig, 370);
        rig.assertSent("<abort>");
    }

    /** Each record has more bytes than the frame in it, so that the frames that have left cannot be told from the backlog. */
    @ParameterizedTest
    @CsvSource({"SERVER, true, 40", "SERVER, false, 60", "CLIENT, true, 40", "CLIENT, false, 60"})
    void aPeerThatTakesNothingFromTlsIsAborted(Role role, boolean writeTimeout, int by) {
        int recordOverhead = 22;
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withWriteTimeout(Duration.ofSeconds(writeTimeout ? 30 : 3600)))
                .open();
        rig.wire.left = 1_000;
        rig.connection.tick(START);
        for (int seconds = 0; seconds <= by; seconds++) {
            rig.webSocket.sendText("x");
            rig.wire.backlog = rig.webSocket.counters().bytesSent() + (seconds + 1L) * recordOverhead;
            at(rig, seconds);
        }
        assertTrue(rig.wire.takeWritten().contains("<abort>"));
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatTheSocketAcceptsAreNoSignOfLife(Role role) {
        Rig rig = started(role);
        for (int seconds = 1; seconds <= 50; seconds++) {
            rig.webSocket.sendText("x");
            at(rig, seconds);
        }
        assertEquals("<abort>", rig.wire.takeWritten().get(51));
    }

    @ParameterizedTest
    @EnumSource
    void thePongOfAKeepaliveIsNoneOfTheApplicationsBusiness(Role role) {
        Rig rig = started(role);
        at(rig, 30);
        rig.receive(rig.pong("74656e6f6e006b61"), rig.pong("74656e6f6e006b"));
        rig.assertEvents("pong 74656e6f6e006b");
        at(rig, 31);
        rig.receive(rig.pong("74656e6f6e006b61"));
        rig.assertEvents("pong 74656e6f6e006b61");
    }

    @ParameterizedTest
    @EnumSource
    void aKeepalivePingIsMeasuredToo(Role role) {
        Rig rig = started(role);
        rig.wire.now = 5;
        at(rig, 30);
        assertEquals(Optional.empty(), rig.webSocket.roundTrip());
        rig.wire.now = 12;
        rig.receive(rig.pong("74656e6f6e006b61"));
        assertEquals(Optional.of(Duration.ofNanos(7)), rig.webSocket.roundTrip());
        rig.wire.now = 20;
        rig.receive(rig.pong("74656e6f6e006b61"));
        assertEquals(Optional.of(Duration.ofNanos(7)), rig.webSocket.roundTrip(), "answered once");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnIntervalThereIsNoKeepalive(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withKeepalive(Duration.ZERO, Duration.ofSeconds(1)))
                .open();
        rig.connection.tick(0);
        rig.connection.tick(3600 * SECOND);
        rig.assertSent();
        assertEquals(Long.MAX_VALUE, rig.connection.nextDeadline());
    }

    @ParameterizedTest
    @EnumSource
    void whileClosingOnlyTheCloseCounts(Role role) {
        Rig rig = started(role);
        at(rig, 27);
        rig.webSocket.close();
        at(rig, 28);
        at(rig, 31);
        rig.assertSent("FIN CLOSE 03e8");
        at(rig, 33);
        rig.assertSent("<abort>");
    }
}
