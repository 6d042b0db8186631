package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines of a write, of a message that is being received, and of an idle connection. */
class DeadlineTest {
    private static final long SECOND = 1_000_000_000;
    private static final ConnectionOptions NO_KEEPALIVE =
            ConnectionOptions.DEFAULT.withKeepalive(Duration.ZERO, Duration.ofSeconds(1));

    private static Rig started(Role role, ConnectionOptions options) {
        Rig rig = Rig.of(role).options(options).open();
        rig.connection.tick(0);
        return rig;
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatReadsNothingIsAbortedAlthoughItSends(Role role) {
        Rig rig = started(role, NO_KEEPALIVE);
        rig.webSocket.sendBinary(ByteBuffer.allocate(10_000));
        rig.wire.backlog = 9_000;
        assertTrue(rig.connection.nextDeadline() <= 0, "the deadline has to be started");
        rig.connection.tick(0);
        for (int seconds = 5; seconds < 30; seconds += 5) {
            rig.receive(rig.pong(""));
            rig.connection.tick(seconds * SECOND);
        }
        rig.wire.takeWritten();
        rig.connection.tick(30 * SECOND);
        rig.assertSent("<abort>");
        rig.connection.ended(null);
        rig.assertEvents("pong", "pong", "pong", "pong", "pong", "close 1006");
        assertInstanceOf(IOException.class, rig.listener.closed().cause());
        assertEquals(rig.listener.closed().cause(), rig.listener.error());
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatReadsSlowlyIsNotAborted(Role role) {
        Rig rig = started(role, NO_KEEPALIVE);
        rig.webSocket.sendBinary(ByteBuffer.allocate(10_000));
        rig.wire.backlog = 9_000;
        for (int seconds = 0; seconds < 600; seconds += 10) {
            rig.wire.backlog -= 1;
            rig.connection.tick(seconds * SECOND);
        }
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatDoesNotGoOnIsRefused(Role role) {
        Rig rig = started(role, NO_KEEPALIVE);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        assertTrue(rig.connection.nextDeadline() <= 0, "the deadline has to be started");
        rig.connection.tick(SECOND);
        rig.connection.tick(60 * SECOND);
        rig.assertSent();
        rig.receive(rig.ping("")); // a ping is no progress
        rig.wire.takeWritten();
        rig.connection.tick(61 * SECOND);
        rig.assertEvents("ping");
        rig.failsWith(1008);
        assertInstanceOf(ProtocolException.class, rig.listener.error());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatGoesOnForTooLongIsRefused(Role role) {
        Rig rig = started(role, NO_KEEPALIVE);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        int seconds = 0;
        while (rig.wire.takeWritten().isEmpty() && seconds < 1_000) {
            rig.connection.tick(seconds * SECOND);
            seconds += 25;
            if (seconds <= 600) {
                rig.receive(rig.frame(false, Opcode.CONTINUATION, Bytes.utf8("b")));
            }
        }
        assertEquals(625, seconds, "ten minutes, and the step");
    }

    /** An extension that passes on only the end of each message. */
    private static FakeExtension holdingBack() {
        FakeExtension extension = new FakeExtension("x", 0);
        extension.inbound = (firstByte, payload, end, next) -> {
            if (firstByte.opcode().isControl()) {
                next.onFrame(firstByte, payload, end);
            } else if (firstByte.fin() && end) {
                next.onFrame(FirstByte.of(true, Opcode.TEXT), payload, true);
            }
        };
        return extension;
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatAnExtensionHoldsBackHasTheSameTime(Role role) {
        Rig rig = Rig.of(role).options(NO_KEEPALIVE).extensions(holdingBack()).open();
        rig.connection.tick(0);
        byte[] frame = rig.frame(false, Opcode.TEXT, Bytes.utf8("abcd"));
        rig.receive(Arrays.copyOf(frame, frame.length - 1)); // an unfinished frame
        assertTrue(rig.connection.nextDeadline() <= 0, "the deadline has to be started");
        rig.connection.tick(0);
        rig.connection.tick(59 * SECOND);
        rig.receive(Arrays.copyOfRange(frame, frame.length - 1, frame.length), rig.ping(""));
        rig.assertSent("FIN PONG");
        rig.connection.tick(60 * SECOND);
        rig.connection.tick(119 * SECOND);
        rig.assertSent();
        rig.connection.tick(120 * SECOND);
        rig.assertEvents("ping");
        rig.failsWith(1008);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatAnExtensionHoldsBackMayNotGoOnForEver(Role role) {
        Rig rig = Rig.of(role).options(NO_KEEPALIVE).extensions(holdingBack()).open();
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        for (int seconds = 0; seconds < 600; seconds += 25) {
            rig.connection.tick(seconds * SECOND);
            rig.receive(rig.frame(false, Opcode.CONTINUATION, Bytes.utf8("b")));
        }
        rig.assertSent();
        rig.connection.tick(600 * SECOND);
        rig.failsWith(1008);
    }

    /** The time begins again with each message, also if an extension passes none of them on. */
    @ParameterizedTest
    @EnumSource
    void everyMessageHasItsOwnTime(Role role) {
        FakeExtension swallowing = new FakeExtension("x", 0);
        swallowing.inbound = (firstByte, payload, end, next) -> {};
        Rig rig = Rig.of(role).options(NO_KEEPALIVE).extensions(swallowing).open();
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        for (int seconds = 0; seconds < 1_000; seconds += 40) {
            rig.connection.tick(seconds * SECOND);
            rig.receive(
                    rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("b")),
                    rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        }
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamBehindAnExtensionHasNoDeadlineEither(Role role) {
        Rig rig = Rig.of(role)
                .options(NO_KEEPALIVE)
                .listener(new RecordingListener.Streaming())
                .extensions(new FakeExtension("x", 0))
                .open();
        rig.connection.tick(0);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        rig.connection.tick(3_600 * SECOND);
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamHasNoDeadlineButThatOfThePeer(Role role) {
        Rig rig = Rig.of(role)
                .options(NO_KEEPALIVE)
                .listener(new RecordingListener.Streaming())
                .open();
        rig.connection.tick(0);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        rig.connection.tick(3_600 * SECOND);
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionIsClosedIfThatIsWanted(Role role) {
        Rig rig = started(role, NO_KEEPALIVE.withIdleTimeout(Duration.ofSeconds(40)));
        assertTrue(rig.connection.nextDeadline() <= 40 * SECOND);
        rig.connection.tick(30 * SECOND);
        rig.webSocket.sendText("x");
        rig.connection.tick(40 * SECOND);
        rig.receive(rig.ping("")); // a ping is no message
        rig.wire.takeWritten();
        rig.connection.tick(79 * SECOND);
        rig.assertSent();
        rig.connection.tick(80 * SECOND);
        assertEquals("FIN CLOSE " + "03e9" + "69646c65", rig.wire.takeWritten().get(0));
        rig.receive(rig.close("03e9"));
        rig.ends();
        assertEquals(CloseCode.GOING_AWAY, rig.listener.closed().code());
    }

    @ParameterizedTest
    @EnumSource
    void withoutDeadlinesNothingIsEverDue(Role role) {
        Rig rig = started(role, NO_KEEPALIVE);
        rig.receive(rig.text("x"));
        rig.webSocket.sendText("x");
        assertEquals(Long.MAX_VALUE, rig.connection.nextDeadline());
    }

    @ParameterizedTest
    @EnumSource
    void pongsThatAnswerPingsOfThisEndAreFree(Role role) {
        Rig rig = started(role, NO_KEEPALIVE.withControlFrames(2, 1));
        for (int i = 0; i < 1_200; i++) {
            rig.webSocket.sendPing(Bytes.buffer("01"));
        }
        for (int i = 0; i < 1_200; i++) {
            rig.receive(rig.pong("01"));
        }
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
        rig.receive(rig.pong("01"), rig.pong("01"));
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
        rig.receive(rig.pong("01"));
        assertEquals(ReadyState.CLOSING, rig.webSocket.readyState());
    }

    @ParameterizedTest
    @EnumSource
    void theBucketFillsByTimeWithoutATick(Role role) {
        Rig rig = started(role, NO_KEEPALIVE.withControlFrames(2, 10));
        for (int i = 0; i < 600; i++) {
            rig.wire.now = i * SECOND;
            rig.receive(rig.ping(""));
        }
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
        rig.receive(rig.ping(""), rig.ping(""));
        assertEquals(ReadyState.CLOSING, rig.webSocket.readyState());
    }
}
