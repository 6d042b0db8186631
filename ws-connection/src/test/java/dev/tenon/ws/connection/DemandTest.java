package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without demand a connection stops reading, still answers pings, and loses nothing. */
class DemandTest {
    private static final long SECOND = 1_000_000_000;

    private static Rig unready(Role role) {
        return Rig.of(role).listener(new RecordingListener(0)).open();
    }

    @ParameterizedTest
    @EnumSource
    void withoutDemandMessagesWaitAndPingsAreAnswered(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("one"), rig.ping("01"), rig.binary("02"), rig.ping("03"));
        rig.assertEvents("ping 01", "ping 03");
        rig.assertSent("FIN PONG 01", "FIN PONG 03");
        rig.webSocket.request(1);
        rig.assertEvents("text one");
        rig.receive(rig.text("three"));
        rig.assertEvents();
        rig.webSocket.request(5);
        rig.assertEvents("binary 02", "text three");
        rig.receive(rig.text("four"), rig.text("five"), rig.text("six"), rig.text("seven"));
        rig.assertEvents("text four", "text five", "text six");
        rig.webSocket.request(Long.MAX_VALUE);
        rig.receive(rig.text("eight"));
        rig.webSocket.request(Long.MAX_VALUE);
        rig.assertEvents("text seven", "text eight");
    }

    @ParameterizedTest
    @EnumSource
    void initialDemandIsCounted(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener(2)).open();
        rig.receive(rig.text("one"), rig.text("two"), rig.text("three"));
        rig.assertEvents("text one", "text two");
    }

    @ParameterizedTest
    @EnumSource
    void theHeldPiecesAreCopies(Role role) {
        Rig rig = unready(role);
        byte[] bytes = rig.binary("0102");
        rig.connection.receive(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0);
        rig.webSocket.request(1);
        rig.assertEvents("binary 0102");
    }

    /** A message in pieces is not joined before it is requested. */
    @ParameterizedTest
    @EnumSource
    void aLongMessageIsNotJoinedWithoutDemand(Role role) {
        Rig rig = unready(role);
        byte[] frame = rig.frame(true, Opcode.BINARY, new byte[500_000]);
        int at = 0;
        while (rig.connection.isReadyForInput()) {
            int end = Math.min(at + 1000, frame.length);
            rig.receive(Arrays.copyOfRange(frame, at, end));
            at = end;
        }
        int taken = at;
        assertTrue(taken <= Delivery.HELD_LIMIT + 1000, () -> "took " + taken);
        rig.webSocket.request(1);
        assertTrue(rig.connection.isReadyForInput());
        rig.receive(Arrays.copyOfRange(frame, at, frame.length));
        rig.assertEvents("binary <500000 bytes>");
    }

    @ParameterizedTest
    @EnumSource
    void theAmountHeldIsBoundedAndTheRestIsLeftInTheInput(Role role) {
        Rig rig = unready(role);
        ByteBuffer input = ByteBuffer.allocate(300_000);
        for (int i = 0; i < 25; i++) {
            input.put(rig.frame(true, Opcode.BINARY, new byte[10_000]));
        }
        int all = input.flip().remaining();
        rig.connection.receive(input);
        assertFalse(rig.connection.isReadyForInput());
        int taken = all - input.remaining();
        assertTrue(taken > 50_000 && taken <= Delivery.HELD_LIMIT + 10_014, () -> "took " + taken);
        rig.connection.receive(input);
        assertEquals(taken, all - input.remaining(), "nothing more is taken");
        for (int i = 0; i < 25; i++) {
            rig.assertEvents();
            rig.webSocket.request(1);
            if (rig.wire.takeWritten().contains("<resume>")) {
                rig.connection.receive(input);
            }
            rig.assertEvents("binary <10000 bytes>");
        }
        assertEquals(0, input.remaining());
    }

    @ParameterizedTest
    @EnumSource
    void emptyMessagesCountToo(Role role) {
        Rig rig = unready(role);
        byte[] empty = rig.binary("");
        for (int i = 0; i < 2 * Delivery.HELD_LIMIT && rig.connection.isReadyForInput(); i++) {
            rig.receive(empty);
        }
        assertFalse(rig.connection.isReadyForInput());
    }

    @ParameterizedTest
    @EnumSource
    void theWireIsResumedOnce(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.frame(true, Opcode.BINARY, new byte[Delivery.HELD_LIMIT]));
        assertFalse(rig.connection.isReadyForInput());
        rig.assertSent();
        rig.webSocket.request(1);
        rig.webSocket.request(1);
        rig.assertSent("<resume>");
        rig.assertEvents("binary <65536 bytes>");
    }

    @ParameterizedTest
    @EnumSource
    void demandInsideACallIsServedAfterIt(Role role) {
        Rig rig = unready(role);
        rig.listener.inside = (name, webSocket) -> {
            if (!name.equals("binary")) {
                webSocket.request(1);
            }
        };
        rig.receive(rig.text("one"), rig.text("two"));
        rig.assertEvents();
        rig.receive(rig.ping("03"), rig.binary("04"));
        rig.assertEvents("ping 03", "text one", "text two", "binary 04");
        rig.receive(rig.text("five"));
        rig.assertEvents();
    }

    @ParameterizedTest
    @EnumSource
    void demandInsideOnOpenAndOnWritableResumesTheWire(Role role) {
        Rig rig = unready(role);
        rig.wire.backlog = 1 << 19;
        rig.webSocket.sendText("x");
        rig.receive(rig.frame(true, Opcode.BINARY, new byte[Delivery.HELD_LIMIT]));
        rig.listener.inside = (name, webSocket) -> webSocket.request(1);
        rig.wire.takeWritten();
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertEvents("writable", "binary <65536 bytes>");
        rig.assertSent("<resume>");
    }

    @ParameterizedTest
    @EnumSource
    void theEndFollowsTheMessagesThatAreHeld(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("one"), rig.text("two"), rig.close("03e8"));
        rig.ends();
        assertEquals(ReadyState.CLOSED, rig.webSocket.readyState());
        rig.assertEvents();
        rig.webSocket.request(1);
        rig.assertEvents("text one");
        rig.webSocket.request(1);
        rig.assertEvents("text two", "close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void anAbortDropsWhatIsHeld(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("one"));
        rig.webSocket.abort();
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
    }

    @ParameterizedTest
    @EnumSource
    void anAbortAfterTheEndBringsTheEnd(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("one"), rig.close("03e8"));
        rig.ends();
        rig.assertEvents();
        rig.webSocket.abort();
        rig.assertEvents("close 1000 clean");
    }

    @ParameterizedTest
    @EnumSource
    void earlierMessagesOfADisconnectedPeerAreDelivered(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("one"));
        rig.connection.tick(0);
        rig.connection.tick(30 * SECOND);
        rig.connection.tick(60 * SECOND);
        rig.connection.tick(90 * SECOND);
        rig.connection.ended(null);
        rig.assertEvents();
        rig.webSocket.request(1);
        rig.assertEvents("text one", "close 1006");
    }

    @ParameterizedTest
    @EnumSource
    void withoutDemandNeitherEndConsidersTheOtherDead(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.frame(true, Opcode.BINARY, new byte[Delivery.HELD_LIMIT]));
        rig.connection.tick(0);
        rig.connection.tick(29 * SECOND);
        rig.assertSent();
        assertEquals(30 * SECOND, rig.connection.nextDeadline());
        rig.connection.tick(30 * SECOND);
        rig.assertSent("FIN PONG");
        rig.connection.tick(60 * SECOND);
        rig.assertSent("FIN PONG");
        rig.wire.backlog = 1;
        rig.connection.tick(90 * SECOND);
        rig.assertSent();
        rig.wire.backlog = 0;
        rig.webSocket.request(1);
        rig.connection.tick(119 * SECOND); // the waiting byte was read: a sign of life
        rig.assertSent("<resume>");
        rig.connection.tick(149 * SECOND);
        rig.assertSent("FIN PING 74656e6f6e006b61");
        rig.connection.tick(168 * SECOND);
        rig.assertSent();
        rig.connection.tick(169 * SECOND);
        rig.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void piecesAreHeldLikeMessages(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener.Streaming(1)).open();
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")));
        rig.receive(rig.frame(false, Opcode.CONTINUATION, Bytes.utf8("b")), rig.ping(""));
        rig.receive(rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("c")));
        rig.assertEvents("piece a", "ping");
        rig.webSocket.request(2);
        rig.assertEvents("piece b", "piece c last");
    }

    @ParameterizedTest
    @EnumSource
    void heldTextIsCheckedWhenItComes(Role role) {
        Rig rig = unready(role);
        rig.receive(rig.text("good"), rig.frame(true, Opcode.TEXT, Bytes.hex("c0af")));
        rig.failsWithoutEnd(1007);
        rig.webSocket.request(1);
        rig.assertEvents("text good", "close 1007 \"the text is not UTF-8\"");
    }

    @ParameterizedTest
    @EnumSource
    void aFailureWhileNothingIsReadLetsTheTransportReadOn(Role role) {
        Rig rig = unready(role);
        rig.wire.backlog = 1 << 19;
        rig.webSocket.sendText("x");
        rig.receive(rig.frame(true, Opcode.BINARY, new byte[Delivery.HELD_LIMIT]));
        rig.wire.takeWritten();
        rig.listener.inside = (name, webSocket) -> {
            throw new IllegalStateException("broken");
        };
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent("FIN CLOSE 03f3", "<shutdownOutput>", "<resume>");
    }

    @Test
    void aNegativeDemandIsAMistake() {
        WebSocketListener mistaken = new WebSocketListener() {
            @Override
            public long initialDemand() {
                return -1;
            }
        };
        Upgrade upgrade = new Upgrade("ws://example.test/", "", List.of());
        RecordingWire wire = new RecordingWire(Role.SERVER);
        ThreadContext threadContext = new ThreadContext(() -> 1);
        ConnectionOptions options = ConnectionOptions.DEFAULT;
        assertThrows(
                IllegalArgumentException.class,
                () -> new Connection(Role.SERVER, options, upgrade, wire, threadContext, mistaken));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Connection(Role.SERVER, options, upgrade, wire, threadContext, mistaken, Runnable::run));
    }
}
