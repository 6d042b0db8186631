package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Long frames are sent in fragments, and only the frames differ for the peer. */
class FragmentationProperties {
    private static ConnectionOptions cutAt(int length) {
        return ConnectionOptions.DEFAULT.withFragmentLength(length);
    }

    @Property
    void atAnyFrameLimitTheMessageIsUnchangedAndNoFrameIsLonger(
            @ForAll Role role,
            @ForAll @IntRange(min = 1, max = 70) int longest,
            @ForAll @Size(max = 300) byte[] message,
            @ForAll boolean prepared) {
        Rig rig = Rig.of(role).options(cutAt(longest)).open();
        ByteBuffer data = ByteBuffer.wrap(message);
        SendResult result = prepared
                ? rig.webSocket.trySend(PreparedMessage.binary(data))
                : rig.webSocket.trySend(Message.binary(data));
        assertEquals(SendResult.QUEUED, result);
        assertFalse(data.hasRemaining());
        List<String> frames = rig.wire.takeWritten();
        assertEquals(Math.max(1, (message.length + longest - 1) / longest), frames.size());
        RecordingListener listener = new RecordingListener();
        Rig peer = Rig.of(role.peer()).listener(listener).open();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int i = 0; i < frames.size(); i++) {
            byte[] payload = payload(frames.get(i));
            assertTrue(payload.length <= longest);
            boolean fin = i == frames.size() - 1;
            assertEquals(fin, frames.get(i).startsWith("FIN "), frames::toString);
            joined.writeBytes(payload);
            peer.receive(peer.frame(fin, i == 0 ? Opcode.BINARY : Opcode.CONTINUATION, payload));
            assertTrue(frames.get(i).contains(i == 0 ? "BINARY" : "CONTINUATION"), frames::toString);
        }
        assertArrayEquals(message, joined.toByteArray());
        assertEquals(1, listener.takeEvents().size());
    }

    private static byte[] payload(String frame) {
        String last = frame.substring(frame.lastIndexOf(' ') + 1);
        return last.equals("BINARY") || last.equals("CONTINUATION") ? new byte[0] : Bytes.hex(last);
    }

    /** A frame in any pieces, with any frame limit, arrives as one message with the right bits. */
    @Property
    void aFrameThatComesInPiecesIsCutAsWell(
            @ForAll @IntRange(min = 1, max = 20) int longest,
            @ForAll @Size(max = 8) List<@Size(max = 50) byte[]> pieces,
            @ForAll boolean fin,
            @ForAll boolean continues) {
        List<FirstByte> headers = new ArrayList<>();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        OutboundHandler end = (firstByte, payload, endOfFrame, mode) -> {
            assertEquals(SendMode.UNCOMPRESSED, mode);
            assertTrue(endOfFrame && payload.remaining() <= longest);
            headers.add(firstByte);
            joined.writeBytes(Bytes.of(payload));
        };
        Fragmenter fragmenter = new Fragmenter(end, longest);
        FirstByte firstByte = FirstByte.of(fin, continues ? Opcode.CONTINUATION : Opcode.TEXT)
                .withRsv(continues ? 0 : FirstByte.RSV1);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            expected.writeBytes(piece);
            fragmenter.onFrame(firstByte, ByteBuffer.wrap(piece), false, SendMode.UNCOMPRESSED);
        }
        fragmenter.onFrame(firstByte, ByteBuffer.allocate(0), true, SendMode.UNCOMPRESSED);
        assertArrayEquals(expected.toByteArray(), joined.toByteArray());
        FirstByte middle = FirstByte.of(false, Opcode.CONTINUATION);
        for (int i = 0; i < headers.size(); i++) {
            FirstByte own = i == 0 ? firstByte : middle;
            assertEquals(own.withFin(fin && i == headers.size() - 1), headers.get(i));
        }
    }
}
