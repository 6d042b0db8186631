package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The send mode of one message holds for that message only. */
class UncompressedTest {
    private final SharingExtension extension = new SharingExtension("a");

    private Rig rig(Role role) {
        return Rig.of(role).extensions(extension).open();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsSentAsItIsPassesTheExtensions(Role role) {
        Rig rig = rig(role);
        rig.webSocket.send(Message.text("a").uncompressed());
        rig.webSocket.sendBinary(Bytes.buffer("01"));
        rig.webSocket.send(Message.binary(Bytes.buffer("02")).uncompressed());
        rig.webSocket.sendBinary(Bytes.buffer("03"));
        rig.assertSent("FIN TEXT a", "FIN RSV3 BINARY 0001", "FIN BINARY 02", "FIN RSV3 BINARY 0103");
    }

    @ParameterizedTest
    @EnumSource
    void theModeOfTheFirstPieceIsThatOfTheMessage(Role role) {
        Rig rig = rig(role);
        rig.webSocket.send(
                Message.piece(MessageType.BINARY, Bytes.buffer("01"), true).uncompressed());
        rig.webSocket.sendPing(Bytes.buffer("ff"));
        rig.webSocket.sendPiece(MessageType.BINARY, Bytes.buffer("02"), false);
        rig.webSocket.send(
                Message.piece(MessageType.BINARY, Bytes.buffer("03"), true).uncompressed());
        rig.webSocket.sendBinary(Bytes.buffer("04"));
        rig.assertSent(
                "FIN BINARY 01",
                "FIN PING ff",
                "RSV3 BINARY 0002",
                "FIN RSV3 CONTINUATION 0103",
                "FIN RSV3 BINARY 0204");
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedMessageHasItsModeWithIt(Role role) {
        PreparedMessage text = PreparedMessage.text("a").uncompressed();
        PreparedMessage binary = PreparedMessage.binary(Bytes.buffer("01")).uncompressed();
        assertSame(text, text.uncompressed());
        for (int i = 0; i < 2; i++) {
            Rig rig = rig(role);
            rig.webSocket.send(text);
            rig.webSocket.send(binary);
            rig.webSocket.sendBinary(Bytes.buffer("02"));
            rig.assertSent("FIN TEXT a", "FIN BINARY 01", "FIN RSV3 BINARY 0002");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theModeOfARefusedMessageIsNotKept(Role role) {
        Rig rig = Rig.of(role)
                .extensions(extension)
                .options(ConnectionOptions.DEFAULT.withOutbound(10, 20))
                .open();
        rig.wire.backlog = 20;
        assertEquals(
                SendResult.REFUSED,
                rig.webSocket.trySend(Message.binary(Bytes.buffer("01")).uncompressed()));
        rig.wire.backlog = 0;
        rig.webSocket.sendBinary(Bytes.buffer("02"));
        rig.assertSent("FIN RSV3 BINARY 0002");
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsThatWaitKeepTheModeOfTheirMessage(Role role) {
        Rig rig = Rig.of(role)
                .extensions(extension)
                .options(ConnectionOptions.DEFAULT.withOutbound(10, 1000).withFragmentLength(2))
                .open();
        rig.wire.backlog = 20;
        rig.webSocket.sendBinary(Bytes.buffer("010203"));
        rig.webSocket.send(Message.binary(Bytes.buffer("040506")).uncompressed());
        rig.assertSent();
        rig.wire.backlog = 0;
        rig.connection.writable();
        rig.assertSent("RSV3 BINARY 000102", "FIN RSV3 CONTINUATION 0103", "BINARY 0405", "FIN CONTINUATION 06");
    }

    @Test
    void withoutExtensionsItChangesNothing() {
        Rig rig = Rig.open(Role.SERVER);
        rig.webSocket.send(Message.text("a").uncompressed());
        rig.assertSent("FIN TEXT a");
    }

    @Test
    void anExtensionThatThrowsInsteadOfSkippingEndsTheConnection() {
        FakeExtension broken = new FakeExtension("broken", FirstByte.RSV1);
        broken.outbound = (firstByte, payload, end, next) -> {
            throw new IllegalStateException("broken");
        };
        Rig rig = Rig.of(Role.SERVER).extensions(broken).open();
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(Message.text("a").uncompressed()));
        rig.assertSent("<abort>");
        rig.assertEvents("error broken");
    }
}
