package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The places at which long frames are cut (RFC 6455 §5.4). */
class FragmentationTest {
    private static final ConnectionOptions THREE = ConnectionOptions.DEFAULT.withFragmentLength(3);

    /** An extension that sets its bit on the first frame of each message, and puts a byte before each frame. */
    private static FakeExtension prefixing(String name, int rsv, boolean fragmentable) {
        FakeExtension extension = new FakeExtension(name, rsv) {
            @Override
            public boolean fragmentable() {
                return fragmentable;
            }
        };
        extension.outbound = (header, payload, end, next) -> {
            boolean first = header.opcode() != Opcode.CONTINUATION;
            FirstByte marked = first ? header.withRsv(header.rsv() | rsv) : header;
            ByteBuffer longer = ByteBuffer.allocate(1 + payload.remaining());
            next.onFrame(marked, longer.put((byte) rsv).put(payload).flip(), end);
        };
        return extension;
    }

    @ParameterizedTest
    @EnumSource
    void piecesAreCutAndControlFramesAreNot(Role role) {
        Rig rig = Rig.of(role).options(THREE).open();
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.wrap(Bytes.utf8("abcd")), false);
        rig.webSocket.sendPing(Bytes.buffer("0102030405"));
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.allocate(0), false);
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.wrap(Bytes.utf8("efgh")), true);
        rig.webSocket.sendText("xyz");
        rig.webSocket.sendText("");
        rig.assertSent(
                "TEXT abc",
                "CONTINUATION 64",
                "FIN PING 0102030405",
                "CONTINUATION",
                "CONTINUATION 656667",
                "FIN CONTINUATION 68",
                "FIN TEXT xyz",
                "FIN TEXT");
    }

    /** Netty, and libraries that use it, refuse longer frames by default. */
    @ParameterizedTest
    @EnumSource
    void byDefaultNoFrameIsLongerThanStockPeersTake(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendBinary(ByteBuffer.allocate(65_536));
        rig.webSocket.sendBinary(ByteBuffer.allocate(65_537));
        rig.webSocket.sendPiece(MessageType.BINARY, ByteBuffer.allocate(65_537), true);
        rig.webSocket.send(PreparedMessage.binary(ByteBuffer.allocate(65_537)));
        rig.webSocket.sendText("short");
        rig.assertSent(
                "FIN BINARY <65536 bytes>",
                "BINARY <65536 bytes>",
                "FIN CONTINUATION 00",
                "BINARY <65536 bytes>",
                "FIN CONTINUATION 00",
                "BINARY <65536 bytes>",
                "FIN CONTINUATION 00",
                "FIN TEXT short");
    }

    @ParameterizedTest
    @EnumSource
    void framesAreWholeForThoseWhoWantItSo(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withFragmentLength(Integer.MAX_VALUE))
                .open();
        rig.webSocket.sendBinary(ByteBuffer.allocate(200_000));
        rig.webSocket.send(PreparedMessage.binary(ByteBuffer.allocate(200_000)));
        rig.assertSent("FIN BINARY <200000 bytes>", "FIN BINARY <200000 bytes>");
    }

    /** The frames of a shared message are in memory once, however many connections hold them back. */
    @Test
    void aPongOvertakesTheFragmentsOfLongMessages() {
        Rig rig = Rig.open(Role.SERVER);
        rig.wire.backlog = 65_537;
        rig.webSocket.sendBinary(ByteBuffer.allocate(150_000));
        rig.webSocket.send(PreparedMessage.binary(ByteBuffer.allocate(70_000)));
        int copied = 150_000 + 3 * 14;
        assertEquals(copied, rig.wire.heldBack);
        assertEquals(
                List.of(65_536 + 10, 4_464 + 4),
                rig.wire.heldFrames.stream().map(ByteBuffer::remaining).toList());
        assertEquals(65_537 + copied + 70_000 + 10 + 4, rig.webSocket.bufferedAmount());
        rig.receive(rig.ping("01"));
        rig.assertSent();
        rig.wire.backlog = 65_536;
        rig.connection.flushed();
        rig.webSocket.close();
        rig.assertSent(
                "FIN PONG 01",
                "BINARY <65536 bytes>",
                "CONTINUATION <65536 bytes>",
                "FIN CONTINUATION <18928 bytes>",
                "BINARY <65536 bytes>",
                "FIN CONTINUATION <4464 bytes>",
                "FIN CLOSE 03e8");
        assertEquals(0, rig.wire.heldBack);
        assertEquals(0, rig.wire.heldFrames.size());
    }

    /** A wire need not report bytes that leave at once, as the last fragments may. */
    @Test
    void aMessageInFragmentsIsReportedAsSentThoughItsLastOnesLeaveAtOnce() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Rig rig = Rig.of(Role.SERVER).on(thisThread(tasks)).open();
        rig.wire.backlog = 65_537;
        CompletableFuture<Void> sent = rig.webSocket
                .sendAsync(Message.binary(ByteBuffer.allocate(150_000)))
                .toCompletableFuture();
        runAll(tasks);
        assertFalse(sent.isDone());
        rig.wire.backlog = 0;
        rig.connection.writable();
        runAll(tasks);
        assertTrue(sent.isDone());
    }

    private static ConnectionExecutor thisThread(Deque<Runnable> tasks) {
        return new ConnectionExecutor() {
            @Override
            public boolean isCurrentThread() {
                return true;
            }

            @Override
            public void execute(Runnable task) {
                tasks.add(task);
            }
        };
    }

    private static void runAll(Deque<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void fragmentsThatAreHeldBackAtTheEndAreDropped() {
        Rig rig = Rig.open(Role.SERVER);
        rig.wire.backlog = 65_537;
        rig.webSocket.sendBinary(ByteBuffer.allocate(150_000));
        rig.webSocket.send(PreparedMessage.binary(ByteBuffer.allocate(70_000)));
        rig.connection.ended(null);
        assertEquals(0, rig.wire.heldBack);
        assertEquals(0, rig.wire.heldFrames.size());
        assertEquals(65_537, rig.webSocket.bufferedAmount(), "the wire's own");
    }

    @Test
    void framesAreSplitAfterExtensionsThatAllowIt() {
        Rig rig = Rig.of(Role.SERVER)
                .options(THREE)
                .extensions(prefixing("a", 4, true), prefixing("b", 2, true))
                .open();
        rig.webSocket.sendBinary(Bytes.buffer("a1a2a3a4"));
        rig.assertSent("RSV1 RSV2 BINARY 0204a1", "FIN CONTINUATION a2a3a4");
    }

    @Test
    void framesAreCutBeforeTheFirstExtensionThatGivesThemAMeaning() {
        Rig rig = Rig.of(Role.SERVER)
                .options(THREE)
                .extensions(prefixing("a", 4, true), prefixing("b", 2, false), prefixing("c", 1, true))
                .open();
        rig.webSocket.sendBinary(Bytes.buffer("a1a2a3a4"));
        rig.assertSent("RSV1 RSV2 RSV3 BINARY 010204a1a2", "FIN CONTINUATION 0102a3a4");
    }

    /** Two fragments wait in front of the extension. */
    private static Rig withFramesInFrontOf(FakeExtension extension) {
        Rig rig = Rig.of(Role.SERVER)
                .options(ConnectionOptions.DEFAULT.withFragmentLength(10).withOutbound(100, 10_000))
                .extensions(extension)
                .open();
        rig.wire.backlog = 101;
        rig.webSocket.sendBinary(ByteBuffer.allocate(15));
        extension.log.clear();
        return rig;
    }

    private static void drains(Rig rig) {
        rig.wire.backlog = 0;
        rig.connection.writable();
    }

    /** The extension may need its state for these frames. */
    @Test
    void anExtensionIsClosedAfterTheFramesInFrontOfIt() {
        FakeExtension extension = new FakeExtension("x", 0);
        Rig rig = withFramesInFrontOf(extension);
        rig.receive(rig.close("03e8"));
        rig.receive(rig.text("too late"));
        assertEquals(List.of("in CLOSE"), extension.log);
        drains(rig);
        assertEquals(List.of("in CLOSE", "out BINARY", "out CONTINUATION", "out CLOSE", "close"), extension.log);
        rig.connection.ended(null);
        assertEquals(5, extension.log.size(), "closed once");
    }

    @Test
    void theEndOfThePeersDirectionDoesNotCloseItEarlierEither() {
        FakeExtension extension = new FakeExtension("x", 0);
        Rig rig = withFramesInFrontOf(extension);
        rig.connection.endOfInput();
        drains(rig);
        assertEquals(List.of("out BINARY", "out CONTINUATION", "close"), extension.log);
    }

    @Test
    void theEndOfTheConnectionClosesItAtOnce() {
        for (boolean peerHasClosed : new boolean[] {false, true}) {
            FakeExtension extension = new FakeExtension("x", 0);
            Rig rig = withFramesInFrontOf(extension);
            if (peerHasClosed) {
                rig.receive(rig.close("03e8"));
                extension.log.clear();
            }
            rig.connection.ended(null);
            drains(rig);
            assertEquals(List.of("close"), extension.log);
        }
    }

    @Test
    void anExceptionOfALateCloseIsReported() {
        FakeExtension extension = new FakeExtension("x", 0) {
            @Override
            public void close() {
                throw new IllegalStateException("cannot close");
            }
        };
        Rig rig = withFramesInFrontOf(extension);
        rig.receive(rig.close("03e8"));
        rig.assertEvents();
        drains(rig);
        rig.assertEvents("error cannot close");
    }

    @Test
    void aPreparedMessageIsCutForThoseWhoWantItSo() {
        PreparedMessage message = PreparedMessage.text("abcd");
        Rig whole = Rig.open(Role.SERVER);
        Rig cut = Rig.of(Role.SERVER).options(THREE).open();
        Rig other = Rig.of(Role.SERVER).options(THREE.withFragmentLength(2)).open();
        for (int i = 0; i < 2; i++) {
            whole.webSocket.send(message);
            cut.webSocket.send(message);
            other.webSocket.send(message);
            whole.assertSent("FIN TEXT abcd");
            cut.assertSent("TEXT abc", "FIN CONTINUATION 64");
            other.assertSent("TEXT ab", "FIN CONTINUATION 6364");
        }
    }
}
