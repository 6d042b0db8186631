package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ping and pong (RFC 6455 §5.5.2, §5.5.3), and the limits against floods of them; the same for both roles. */
class ControlFrameTest {

    @ParameterizedTest
    @EnumSource
    void aPingIsAnsweredAtOnceWithItsPayload(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.ping(""), rig.ping("0102"), rig.frame(true, Opcode.PING, new byte[125]));
        rig.assertSent("FIN PONG", "FIN PONG 0102", "FIN PONG" + Bytes.show(false, new byte[125]));
        rig.assertEvents("ping", "ping 0102", "ping" + Bytes.show(false, new byte[125]));
    }

    @ParameterizedTest
    @EnumSource
    void anUnsolicitedPongIsIgnored(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.pong("01"));
        rig.assertEvents("pong 01");
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void whileMuchWaitsOnlyTheNewestPingIsAnswered(Role role) {
        Rig rig = Rig.open(role);
        rig.wire.backlog = 64 * 1024 + 1;
        rig.receive(rig.ping("01"), rig.ping("02"), rig.ping("03"));
        rig.assertEvents("ping 01", "ping 02", "ping 03");
        rig.assertSent();
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent("FIN PONG 03");
        rig.connection.writable();
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void aPongThatWaitsNeverFollowsANewerOne(Role role) {
        Rig rig = Rig.open(role);
        rig.wire.backlog = 64 * 1024 + 1;
        rig.receive(rig.ping("01"));
        rig.wire.backlog = 1;
        rig.receive(rig.ping("02"));
        rig.assertSent("FIN PONG 02");
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void afterACloseNoPingIsAnswered(Role role) {
        Rig rig = Rig.open(role);
        rig.wire.backlog = 64 * 1024 + 1;
        rig.receive(rig.ping("01"));
        rig.webSocket.close();
        rig.wire.backlog = 0;
        rig.receive(rig.ping("02"));
        rig.connection.writable();
        rig.assertSent("FIN CLOSE 03e8");
        rig.assertEvents("ping 01", "ping 02");
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesHaveABudget(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withControlFrames(3, 2))
                .open();
        rig.connection.tick(0);
        rig.receive(rig.ping(""), rig.pong(""), rig.ping(""));
        rig.connection.tick(Duration.ofMillis(1500).toNanos());
        rig.receive(rig.ping(""), rig.ping(""), rig.ping(""));
        rig.wire.takeWritten();
        rig.receive(rig.ping(""));
        rig.failsWith(1008);
    }

    @ParameterizedTest
    @EnumSource
    void theBudgetNeverGrowsPastTheBurst(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withControlFrames(2, 100))
                .open();
        rig.connection.tick(0);
        rig.connection.tick(Duration.ofSeconds(29).toNanos());
        rig.receive(rig.ping(""), rig.ping(""), rig.ping(""));
        rig.assertSent(
                "FIN PONG",
                "FIN PONG",
                "FIN CLOSE" + closePayload(1008, "too many control frames"),
                "<shutdownOutput>");
    }

    @Test
    void ticksAtTheDeadlinesAloneRefillTheBudget() {
        Rig rig = Rig.of(Role.SERVER)
                .options(ConnectionOptions.DEFAULT
                        .withControlFrames(2, 1)
                        .withKeepalive(Duration.ZERO, Duration.ofSeconds(1)))
                .open();
        rig.connection.tick(5);
        assertEquals(Long.MAX_VALUE, rig.connection.nextDeadline());
        for (int i = 0; i < 10; i++) {
            rig.receive(rig.ping(""));
            rig.connection.tick(rig.connection.nextDeadline());
        }
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
    }

    @ParameterizedTest
    @EnumSource
    void theRoundTripOfTheNewestPingIsMeasured(Role role) {
        Rig rig = Rig.open(role);
        Optional<?>[] seen = new Optional<?>[1];
        rig.listener.inside = (name, webSocket) -> seen[0] = webSocket.roundTrip();
        rig.wire.now = 1_000;
        ByteBuffer payload = Bytes.buffer("0a0b");
        rig.webSocket.sendPing(payload);
        assertEquals(0, payload.remaining());
        rig.wire.now = 1_500;
        rig.webSocket.sendPing(Bytes.buffer("0c"));
        assertEquals(Optional.empty(), rig.webSocket.roundTrip());
        rig.wire.now = 5_000;
        rig.receive(rig.pong("0a0b"));
        assertEquals(Optional.empty(), rig.webSocket.roundTrip());
        rig.receive(rig.pong("0c"));
        assertEquals(Optional.of(Duration.ofNanos(3_500)), rig.webSocket.roundTrip());
        assertEquals(rig.webSocket.roundTrip(), seen[0], "already there when onPong is called");
        rig.wire.now = 9_000;
        rig.receive(rig.pong("0c"));
        assertEquals(Optional.of(Duration.ofNanos(3_500)), rig.webSocket.roundTrip(), "answered once");
    }

    @Test
    void withoutAClockNothingIsMeasured() {
        Rig rig = Rig.open(Role.CLIENT);
        rig.webSocket.sendPing(Bytes.buffer(""));
        rig.receive(rig.pong(""));
        assertEquals(Optional.empty(), rig.webSocket.roundTrip());
    }

    @ParameterizedTest
    @EnumSource
    void reservedOpcodesAndBitsAreRefused(Role role) {
        for (int firstByte : new int[] {0x83, 0x87, 0x8B, 0x8F, 0xC1, 0xA1, 0x91, 0xD1, 0x09}) {
            Rig rig = Rig.open(role);
            rig.receive(rig.frame(firstByte, new byte[1]));
            rig.failsWith(1002);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameMaskedByTheWrongRoleIsRefused(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(Rig.open(role.peer()).text("x"));
        rig.assertEvents();
        rig.failsWith(1002);
    }

    static String closePayload(int code, String reason) {
        byte[] payload = Bytes.concat(new byte[] {(byte) (code >> 8), (byte) code}, Bytes.utf8(reason));
        return Bytes.show(false, payload);
    }
}
