package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Records the pieces, the frames that they form, and the messages that the frames form. */
final class Pieces implements FrameHandler, OutboundHandler {
    record Piece(FirstByte firstByte, ByteBuffer bytes, boolean endOfFrame) {
        byte[] payload() {
            return copyOf(bytes);
        }

        String hex() {
            return HexFormat.of().formatHex(payload());
        }
    }

    record Message(Opcode opcode, ByteBuffer bytes) {
        byte[] payload() {
            return copyOf(bytes);
        }

        String text() {
            return new String(payload(), UTF_8);
        }
    }

    private static byte[] copyOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    final List<Piece> pieces = new ArrayList<>();
    final List<Message> messages = new ArrayList<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private Opcode opcode = Opcode.CONTINUATION;

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        onFrame(firstByte, payload, endOfFrame);
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        byte[] bytes = copyOf(payload);
        pieces.add(new Piece(firstByte, ByteBuffer.wrap(bytes), endOfFrame));
        if (firstByte.opcode().isControl()) {
            return;
        }
        if (firstByte.opcode() != Opcode.CONTINUATION) {
            opcode = firstByte.opcode();
        }
        message.writeBytes(bytes);
        if (firstByte.fin() && endOfFrame) {
            messages.add(new Message(opcode, ByteBuffer.wrap(message.toByteArray())));
            message.reset();
        }
    }

    void clear() {
        pieces.clear();
        messages.clear();
        message.reset();
    }

    Piece only() {
        if (pieces.size() != 1) {
            throw new AssertionError(pieces);
        }
        return pieces.get(0);
    }
}
