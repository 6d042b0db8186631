package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The deadline of the closing handshake, and what moves it. */
class CloseDeadlineTest {
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @EnumSource
    void aConnectionWhosePeerDoesNotAnswerACloseIsAborted(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withCloseTimeout(Duration.ofSeconds(5)))
                .open();
        rig.connection.tick(0);
        rig.webSocket.close();
        assertTrue(rig.connection.nextDeadline() <= 0, "the deadline has to be started");
        rig.connection.tick(SECOND);
        assertEquals(6 * SECOND, rig.connection.nextDeadline());
        rig.connection.tick(6 * SECOND - 1);
        rig.assertSent("FIN CLOSE 03e8");
        rig.connection.tick(6 * SECOND);
        rig.assertSent("<abort>");
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
        assertInstanceOf(IOException.class, rig.listener.closed().cause());
    }

    /** Starts a closing handshake, at second 0, while a backlog waits. */
    private static Rig closesBehind(Role role, int backlog) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withDrainTimeout(Duration.ofSeconds(20)))
                .open();
        rig.webSocket.sendBinary(ByteBuffer.allocate(backlog));
        rig.wire.backlog = backlog;
        rig.connection.tick(-SECOND);
        rig.webSocket.close();
        rig.connection.tick(0);
        rig.assertSent("FIN BINARY <" + backlog + " bytes>", "FIN CLOSE 03e8");
        return rig;
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineRunsFromWhenABacklogStopsToShrink(Role role) {
        Rig rig = closesBehind(role, 1000);
        for (int second = 1; second <= 10; second++) {
            rig.wire.backlog -= 100;
            rig.connection.tick(second * SECOND);
            assertEquals((second + 5) * SECOND, rig.connection.nextDeadline());
        }
        rig.connection.tick(15 * SECOND - 1);
        rig.assertSent();
        rig.connection.tick(15 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void aBacklogThatDoesNotShrinkDelaysNoDeadline(Role role) {
        Rig rig = closesBehind(role, 1000);
        rig.connection.tick(3 * SECOND);
        rig.assertSent();
        rig.connection.tick(5 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseIsAbortedAlthoughTheBacklogShrinksSlowly(Role role) {
        Rig rig = closesBehind(role, 1000);
        for (int second = 1; second < 25; second++) {
            rig.wire.backlog -= 1;
            rig.connection.tick(second * SECOND);
            rig.assertSent();
        }
        rig.wire.backlog -= 1;
        rig.connection.tick(25 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void thePeersLastMessagesDelayTheEndUpToALimit(Role role) {
        Rig rig = closesBehind(role, 1000);
        for (int second = 1; second < 25; second++) {
            rig.receive(rig.text("x"));
            rig.connection.tick(second * SECOND);
            rig.assertSent();
        }
        rig.receive(rig.text("x"));
        rig.connection.tick(25 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void framesThatAreNoProgressDoNotDelayTheDeadline(Role role) {
        Rig rig = Rig.open(role);
        rig.connection.tick(0);
        rig.receive(rig.frame(0xF0, new byte[0])); // fails the connection
        rig.wire.takeWritten();
        rig.connection.tick(0);
        rig.connection.tick(4 * SECOND);
        rig.receive(rig.text("x"));
        rig.connection.tick(5 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatNeverEndsTheTransportIsDisconnected(Role role) {
        for (String how : new String[] {"peer closes", "peer fails", "half-closed"}) {
            Rig rig = Rig.open(role);
            rig.connection.tick(0);
            switch (how) {
                case "peer closes" -> rig.receive(rig.close("03e8"));
                case "peer fails" -> rig.receive(rig.frame(0xF0, new byte[0]));
                default -> rig.connection.endOfInput();
            }
            rig.wire.takeWritten();
            rig.connection.tick(0);
            rig.connection.tick(5 * SECOND);
            rig.assertSent("<abort>");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineOfTheHandshakeIsNotMovedByMoreOfIt(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.close();
        rig.connection.tick(0);
        rig.receive(rig.close("03e8"));
        rig.connection.tick(3 * SECOND);
        rig.connection.endOfInput();
        assertEquals(5 * SECOND, rig.connection.nextDeadline());
    }
}
