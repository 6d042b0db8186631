package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The extension chain (RFC 6455 §9): order, ownership of bits, and extensions that fail. */
class ExtensionTest {
    private final FakeExtension first = new FakeExtension("first", FirstByte.RSV1);
    private final FakeExtension second = new FakeExtension("second", FirstByte.RSV2);

    private Rig rig(Role role) {
        Rig rig = Rig.of(role).extensions(first, second).open();
        first.log.clear();
        second.log.clear();
        return rig;
    }

    /** A stage that sets or clears a bit, and throws if the bit has that value already. */
    private static FakeExtension.Stage flips(int bit) {
        return (firstByte, payload, end, next) -> next.onFrame(
                firstByte.opcode().isControl() ? firstByte : firstByte.withRsv(firstByte.rsv() ^ bit), payload, end);
    }

    @ParameterizedTest
    @EnumSource
    void outboundFramesPassInTheOrderOfTheAnswerAndInboundFramesInReverse(Role role) {
        Rig rig = rig(role);
        List<ExtensionOffer> agreed = List.of(ExtensionOffer.of("first"), ExtensionOffer.of("second"));
        assertEquals(agreed, rig.webSocket.extensions());
        first.outbound = (firstByte, payload, end, next) -> {
            assertEquals(0, firstByte.rsv());
            flips(FirstByte.RSV1).onFrame(firstByte, payload, end, next);
        };
        second.outbound = (firstByte, payload, end, next) -> {
            assertEquals(FirstByte.RSV1, firstByte.rsv());
            flips(FirstByte.RSV2).onFrame(firstByte, payload, end, next);
        };
        first.inbound = (firstByte, payload, end, next) -> {
            assertEquals(FirstByte.RSV1, firstByte.rsv());
            flips(FirstByte.RSV1).onFrame(firstByte, payload, end, next);
        };
        second.inbound = (firstByte, payload, end, next) -> {
            assertEquals(FirstByte.RSV1 | FirstByte.RSV2, firstByte.rsv());
            flips(FirstByte.RSV2).onFrame(firstByte, payload, end, next);
        };
        rig.webSocket.sendText("x");
        rig.webSocket.send(PreparedMessage.text("y"));
        rig.assertSent("FIN RSV1 RSV2 TEXT x", "FIN RSV1 RSV2 TEXT y");
        rig.receive(rig.frame(0xE1, Bytes.utf8("z")));
        rig.assertEvents("text z");
    }

    @ParameterizedTest
    @EnumSource
    void aReservedOpcodeThatNoExtensionConsumesIsRefused(Role role) {
        Rig rig = rig(role);
        second.inbound =
                (firstByte, payload, end, next) -> next.onFrame(firstByte.withOpcode(Opcode.RESERVED_3), payload, end);
        rig.receive(rig.text("x"));
        rig.failsWith(1002);
    }

    @ParameterizedTest
    @EnumSource
    void framesMayBeCutIntoPiecesOnTheirWayOut(Role role) {
        Rig rig = rig(role);
        first.outbound = (firstByte, payload, end, next) -> {
            while (payload.remaining() > 1) {
                ByteBuffer one = payload.duplicate().limit(payload.position() + 1);
                payload.get();
                next.onFrame(firstByte, one, false);
            }
            next.onFrame(firstByte, payload, end);
        };
        rig.webSocket.sendText("Hello");
        rig.webSocket.sendBinary(ByteBuffer.allocate(20_000));
        rig.assertSent("FIN TEXT Hello", "FIN BINARY <20000 bytes>");
    }

    @ParameterizedTest
    @EnumSource
    void aStageCannotChangeTheBufferOfTheApplication(Role role) {
        Rig rig = rig(role);
        first.outbound = (firstByte, payload, end, next) -> {
            if (!payload.isReadOnly()) {
                payload.put(payload.position(), (byte) 0xEE);
            }
            next.onFrame(firstByte, payload.duplicate(), end);
        };
        byte[] bytes = Bytes.hex("0102");
        ByteBuffer data = ByteBuffer.wrap(bytes);
        rig.webSocket.sendBinary(data);
        assertEquals(0, data.remaining(), "used up");
        assertArrayEquals(Bytes.hex("0102"), bytes);
        rig.receive(rig.ping("03"));
        rig.assertEvents("ping 03");
        rig.assertSent("FIN BINARY 0102", "FIN PONG 03");
    }

    @ParameterizedTest
    @EnumSource
    void allAreClosedOnceAtTheEndAndNeverDuringTheirOwnCall(Role role) {
        Rig rig = rig(role);
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("text")) {
                webSocket.abort();
                rig.connection.ended(null);
            }
        };
        rig.receive(rig.text("x"), rig.text("y"));
        assertEquals(List.of("in TEXT", "close"), first.log);
        assertEquals(List.of("in TEXT", "close"), second.log);
        rig.ends();
        rig.assertEvents("text x", "close 1006");
        assertEquals(2, first.log.size());
    }

    @ParameterizedTest
    @EnumSource
    void allAreClosedOnceBothCloseFramesHavePassed(Role role) {
        Rig rig = rig(role);
        rig.receive(rig.close("03e8"));
        assertEquals(List.of("in CLOSE", "out CLOSE", "close"), first.log);
        rig.ends();
        assertEquals(3, first.log.size());
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfCloseDoesNotKeepOtherExtensionsOpen(Role role) {
        FakeExtension broken = new FakeExtension("broken", FirstByte.RSV3) {
            @Override
            public void close() {
                super.close();
                throw new FailureWithoutStackTrace();
            }
        };
        Rig rig = Rig.of(role).extensions(first, broken, second).open();
        rig.connection.ended(null);
        rig.assertEvents("error thrown by a test, on purpose", "close 1006");
        assertEquals("close", first.log.get(1));
        assertEquals("close", broken.log.get(1));
        assertEquals("close", second.log.get(1));
    }

    private static final class FailureWithoutStackTrace extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailureWithoutStackTrace() {
            super("thrown by a test, on purpose", null, false, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatCannotBeOpenedLeavesTheOthersClosed(Role role) {
        FakeExtension unable = new FakeExtension("unable", FirstByte.RSV3) {
            @Override
            public Extension open(ExtensionContext context) {
                throw new IllegalStateException("no memory");
            }
        };
        Rig.Builder builder = Rig.of(role).extensions(first, unable, second);
        assertThrows(IllegalStateException.class, builder::build);
        assertEquals(List.of("open " + role + " 1048576", "close"), first.log);
        assertEquals(List.of(), second.log);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatThrowsInboundEndsTheConnectionWith1011(Role role) {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("secret"), new InternalError("secret")}) {
            Rig rig = Rig.of(role)
                    .extensions(first)
                    .listener(new RecordingListener(0))
                    .open();
            rig.receive(rig.text("before"));
            first.inbound = (firstByte, payload, end, next) -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            };
            rig.receive(rig.text("x"), rig.text("y"));
            rig.assertSent("FIN CLOSE 03f3", "<shutdownOutput>");
            rig.ends();
            rig.assertEvents("error secret");
            rig.webSocket.request(9);
            rig.assertEvents("text before", "close 1011");
            assertSame(thrown, rig.listener.closed().cause());
            first.inbound = FakeExtension.PASS;
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterAnOutboundExceptionNothingIsSent(Role role) {
        Rig rig = rig(role);
        IllegalStateException broken = new IllegalStateException("broken");
        second.outbound = (firstByte, payload, end, next) -> {
            next.onFrame(firstByte, payload, false);
            throw broken;
        };
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("x")));
        rig.assertSent("<abort>");
        rig.assertEvents("error broken");
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("y")));
        rig.connection.ended(null);
        rig.assertEvents("close 1006");
        assertSame(broken, rig.listener.closed().cause());
        assertEquals(List.of("out TEXT", "close"), second.log);
    }

    @ParameterizedTest
    @EnumSource
    void anOutboundExceptionDuringTheEndChangesNothing(Role role) {
        for (String when : new String[] {"close", "peer's close", "failure", "pong", "keepalive"}) {
            Rig rig = rig(role);
            second.outbound = (firstByte, payload, end, next) -> {
                throw new IllegalStateException("broken");
            };
            switch (when) {
                case "close" -> rig.webSocket.close();
                case "peer's close" -> rig.receive(rig.close("03e8"));
                case "failure" -> rig.receive(rig.frame(0x83, new byte[0]));
                case "pong" -> rig.receive(rig.ping(""), rig.text("too late"));
                default -> {
                    rig.connection.tick(0);
                    rig.connection.tick(30_000_000_000L);
                }
            }
            rig.assertSent("<abort>");
            rig.connection.ended(null);
            List<String> events = rig.listener.takeEvents();
            assertEquals("error broken", events.get(0));
            assertEquals("close", events.get(events.size() - 1).substring(0, 5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWireThatThrowsEndsTheConnection(Role role) {
        Rig rig = Rig.open(role);
        rig.wire.failure = new IllegalStateException("out of buffers");
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("x")));
        rig.wire.failure = null;
        rig.assertSent("<abort>");
        Rig other = Rig.open(role);
        other.wire.failure = new IllegalStateException("out of buffers");
        assertEquals(SendResult.REFUSED, other.webSocket.trySend(PreparedMessage.text("x")));
        other.assertSent("<abort>");
    }

    @ParameterizedTest
    @EnumSource
    void framesOfAStageAfterTheEndAreDropped(Role role) {
        Rig rig = rig(role);
        first.inbound = (firstByte, payload, end, next) -> {
            ByteBuffer copy = payload.duplicate();
            next.onFrame(FirstByte.of(true, Opcode.BINARY), payload, true);
            next.onFrame(FirstByte.of(true, Opcode.BINARY), copy, true);
            next.onFrame(FirstByte.of(true, Opcode.PING), ByteBuffer.allocate(0), true);
        };
        rig.listener.inside = (name, webSocket) -> {
            if (name.equals("binary")) {
                throw new IllegalStateException("broken");
            }
        };
        rig.receive(rig.binary("01"));
        rig.ends();
        rig.assertEvents("binary 01", "error broken", "close 1011");
    }

    /** A stage's exception may quote the peer's bytes, cut anywhere. */
    @ParameterizedTest
    @EnumSource
    void aReasonThatIsNoUnicodeStillFailsTheConnection(Role role) {
        FakeExtension extension = new FakeExtension("x", 0);
        extension.inbound = (firstByte, payload, end, next) -> {
            throw ExtensionViolation.of("x.bad", CloseCode.INVALID_PAYLOAD_DATA, "bad value \uD83D")
                    .toException();
        };
        Rig rig = Rig.of(role).extensions(extension).open();
        rig.receive(rig.text("x"));
        rig.failsWith(1007);
        assertEquals("bad value ?", rig.listener.closed().reason());
    }
}
