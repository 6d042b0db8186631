package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where long frames are cut (RFC 6455 §5.4). */
class FragmentationTest {
    private static final ConnectionOptions THREE = ConnectionOptions.DEFAULT.withFragmentLength(3);

    /** Sets its bit on the first frame of each message, and puts a byte before each frame. */
    private static FakeExtension prefixing(String name, int rsv, boolean fragmentable) {
        FakeExtension extension = new FakeExtension(name, rsv) {
            @Override
            public boolean fragmentable() {
                return fragmentable;
            }
        };
        extension.outbound = (firstByte, payload, end, next) -> {
            boolean first = firstByte.opcode() != Opcode.CONTINUATION;
            FirstByte marked = first ? firstByte.withRsv(firstByte.rsv() | rsv) : firstByte;
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
        rig.sends(
                "TEXT abc",
                "CONTINUATION 64",
                "FIN PING 0102030405",
                "CONTINUATION",
                "CONTINUATION 656667",
                "FIN CONTINUATION 68",
                "FIN TEXT xyz",
                "FIN TEXT");
    }

    @Test
    void framesAreCutBehindExtensionsThatLetThemBe() {
        Rig rig = Rig.of(Role.SERVER)
                .options(THREE)
                .extensions(prefixing("a", 4, true), prefixing("b", 2, true))
                .open();
        rig.webSocket.sendBinary(Bytes.buffer("a1a2a3a4"));
        rig.sends("RSV1 RSV2 BINARY 0204a1", "FIN CONTINUATION a2a3a4");
    }

    @Test
    void framesAreCutBeforeTheFirstExtensionThatGivesThemAMeaning() {
        Rig rig = Rig.of(Role.SERVER)
                .options(THREE)
                .extensions(prefixing("a", 4, true), prefixing("b", 2, false), prefixing("c", 1, true))
                .open();
        rig.webSocket.sendBinary(Bytes.buffer("a1a2a3a4"));
        rig.sends("RSV1 RSV2 RSV3 BINARY 010204a1a2", "FIN CONTINUATION 0102a3a4");
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
            whole.sends("FIN TEXT abcd");
            cut.sends("TEXT abc", "FIN CONTINUATION 64");
            other.sends("TEXT ab", "FIN CONTINUATION 6364");
        }
    }
}
