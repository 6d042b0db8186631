package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Text, binary and continuation frames (RFC 6455 §5.4, §5.6), the same for both roles. */
class DataFrameTest {

    @ParameterizedTest
    @EnumSource
    void aTextFrameIsAMessage(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.text("Hello"), rig.text(""), rig.text("κόσμε"));
        rig.assertEvents("text Hello", "text ", "text κόσμε");
        rig.assertSent();
    }

    @ParameterizedTest
    @EnumSource
    void aBinaryFrameIsAMessage(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.binary("00ff80"), rig.binary(""));
        rig.assertEvents("binary 00ff80", "binary");
    }

    @ParameterizedTest
    @EnumSource
    void theBytesMayComeOneByOne(Role role) {
        Rig rig = Rig.open(role);
        rig.receiveByteByByte(rig.text("κόσμε"), rig.binary("0102"), rig.text(""), rig.ping("03"));
        rig.assertEvents("text κόσμε", "binary 0102", "text ", "ping 03");
    }

    @ParameterizedTest
    @EnumSource
    void directAndReadOnlyBuffersWillDo(Role role) {
        Rig rig = Rig.open(role);
        byte[] frame = rig.text("κόσμε");
        rig.connection.receive(
                ByteBuffer.allocateDirect(frame.length).put(frame).flip());
        rig.connection.receive(ByteBuffer.wrap(frame).asReadOnlyBuffer());
        rig.assertEvents("text κόσμε", "text κόσμε");
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsAreOneMessage(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(
                rig.frame(false, Opcode.TEXT, Bytes.utf8("Hel")),
                rig.frame(false, Opcode.CONTINUATION, Bytes.utf8("")),
                rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("lo")),
                rig.frame(false, Opcode.BINARY, Bytes.hex("")),
                rig.frame(true, Opcode.CONTINUATION, Bytes.hex("")));
        rig.assertEvents("text Hello", "binary");
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesMayArriveBetweenFragments(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(
                rig.frame(false, Opcode.BINARY, Bytes.hex("01")),
                rig.ping("aa"),
                rig.pong("bb"),
                rig.frame(true, Opcode.CONTINUATION, Bytes.hex("02")));
        rig.assertEvents("ping aa", "pong bb", "binary 0102");
        rig.assertSent("FIN PONG aa");
    }

    @ParameterizedTest
    @EnumSource
    void aContinuationNeedsAMessage(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.text("one"), rig.frame(true, Opcode.CONTINUATION, Bytes.hex("00")));
        rig.assertEvents("text one");
        rig.failsWith(1002);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageMustEndBeforeTheNextBegins(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("a")), rig.frame(true, Opcode.BINARY, Bytes.hex("00")));
        rig.assertEvents();
        rig.failsWith(1002);
    }

    @ParameterizedTest
    @EnumSource
    void piecesOfOneFrameAreNotFragments(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withControlFrames(1, 1))
                .open();
        rig.receiveByteByByte(rig.binary("010203"));
        rig.assertEvents("binary 010203");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamingListenerGetsPiecesAsTheyCome(Role role) {
        Rig rig = Rig.of(role).listener(new RecordingListener.Streaming()).open();
        byte[] frame = rig.frame(false, Opcode.TEXT, Bytes.utf8("Hello"));
        int cut = frame.length - 2;
        rig.receive(Arrays.copyOf(frame, cut));
        rig.assertEvents("piece Hel");
        rig.receive(Arrays.copyOfRange(frame, cut, frame.length));
        rig.assertEvents("piece lo");
        rig.receive(rig.ping(""), rig.frame(true, Opcode.CONTINUATION, Bytes.hex("")), rig.text("!"));
        rig.assertEvents("ping", "piece last", "piece ! last");
    }

    @ParameterizedTest
    @EnumSource
    void aPieceIsAViewOfTheBytesThatCame(Role role) {
        ByteBuffer[] seen = new ByteBuffer[1];
        RecordingListener.Streaming listener = new RecordingListener.Streaming() {
            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
                seen[0] = piece;
            }
        };
        Rig rig = Rig.of(role).listener(listener).open();
        ByteBuffer input = ByteBuffer.wrap(rig.binary("0102"));
        rig.connection.receive(input);
        assertSame(input, seen[0], "not copied");
    }

    @ParameterizedTest
    @EnumSource
    void receivedBuffersAreNotRetainedBeyondTheCall(Role role) {
        Rig rig = Rig.open(role);
        byte[] first = rig.frame(false, Opcode.TEXT, Bytes.utf8("abc"));
        ByteBuffer shared = ByteBuffer.allocate(64);
        rig.connection.receive(shared.put(first).flip());
        Arrays.fill(shared.array(), (byte) 0);
        rig.receive(rig.frame(true, Opcode.CONTINUATION, Bytes.utf8("d")));
        rig.assertEvents("text abcd");
    }

    // What is sent

    @ParameterizedTest
    @EnumSource
    void messagesLeaveAsSingleFrames(Role role) {
        Rig rig = Rig.open(role);
        byte[] bytes = Bytes.hex("00 01 02 03");
        ByteBuffer data = ByteBuffer.wrap(bytes, 1, 2);
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.text("κόσμε")));
        assertEquals(SendResult.QUEUED, rig.webSocket.trySend(Message.binary(data)));
        assertEquals(3, data.position());
        assertArrayEquals(Bytes.hex("00010203"), bytes, "borrowed, not changed");
        rig.assertSent("FIN TEXT κόσμε", "FIN BINARY 0102");
    }

    @ParameterizedTest
    @EnumSource
    void messagesLeaveWholeUpToTheLongestFrame(Role role) {
        Rig rig = Rig.of(role)
                .options(ConnectionOptions.DEFAULT.withFragmentLength(200_000))
                .open();
        for (int length : new int[] {125, 126, 8192, 8193, 65_535, 65_536, 200_000}) {
            rig.webSocket.sendBinary(ByteBuffer.allocateDirect(length));
            rig.assertSent("FIN BINARY" + Bytes.show(false, new byte[length]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void piecesLeaveAsFragmentsAndControlFramesGoBetween(Role role) {
        Rig rig = Rig.open(role);
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.wrap(Bytes.utf8("a")), false);
        rig.webSocket.sendPing(Bytes.buffer("01"));
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.wrap(Bytes.utf8("b")), false);
        rig.webSocket.sendPiece(MessageType.TEXT, ByteBuffer.allocate(0), true);
        rig.webSocket.sendPiece(MessageType.BINARY, Bytes.buffer("02"), true);
        rig.webSocket.sendText("next");
        rig.assertSent(
                "TEXT a", "FIN PING 01", "CONTINUATION 62", "FIN CONTINUATION", "FIN BINARY 02", "FIN TEXT next");
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedMessageLeavesAsIfItWereSentHere(Role role) {
        Rig rig = Rig.open(role);
        PreparedMessage text = PreparedMessage.text("κόσμε");
        PreparedMessage large = PreparedMessage.binary(ByteBuffer.allocate(70_000));
        for (int i = 0; i < 2; i++) {
            assertEquals(SendResult.QUEUED, rig.webSocket.trySend(text));
            assertEquals(SendResult.QUEUED, rig.webSocket.trySend(large));
            rig.assertSent("FIN TEXT κόσμε", "BINARY <65536 bytes>", "FIN CONTINUATION <4464 bytes>");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceivedBufferMayBeSentBackWithoutACopy(Role role) {
        RecordingListener listener = new RecordingListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                webSocket.sendBinary(data.duplicate());
                super.onBinary(webSocket, data);
                webSocket.sendBinary(data);
            }
        };
        Rig rig = Rig.of(role).listener(listener).open();
        rig.receive(rig.binary("010203"), rig.binary("04"), rig.frame(true, Opcode.BINARY, new byte[9000]));
        rig.assertEvents("binary 010203", "binary 04", "binary <9000 bytes>");
        rig.assertSent(
                "FIN BINARY 010203",
                "FIN BINARY 010203",
                "FIN BINARY 04",
                "FIN BINARY 04",
                "FIN BINARY <9000 bytes>",
                "FIN BINARY <9000 bytes>");
    }

    @ParameterizedTest
    @EnumSource
    void piecesMayBeSentBackFromWhereTheyAre(Role role) {
        RecordingListener.Streaming listener = new RecordingListener.Streaming() {
            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
                webSocket.sendPiece(type, piece, last);
            }
        };
        Rig rig = Rig.of(role).listener(listener).open();
        rig.receive(rig.frame(false, Opcode.TEXT, Bytes.utf8("ab")), rig.frame(true, Opcode.CONTINUATION, new byte[0]));
        rig.receive(rig.text("c"));
        rig.assertSent("TEXT ab", "FIN CONTINUATION", "FIN TEXT c");
    }
}
