package dev.tenon.ws.cli;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the compressed messages of one direction, so that their text can be shown beside the frames. It inflates
 * short messages that refer to no earlier one (RFC 7692 §7.1.1). Not thread-safe.
 */
final class MessageText {
    private static final int MOST = 16 * 1024;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF}; // RFC 7692 §7.2.2

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean known;

    /** Takes a frame; returns the text of the compressed message that ends with it, or null. */
    @Nullable
    String take(SeenFrame seen) {
        Frame frame = seen.frame();
        FirstByte firstByte = frame.firstByte();
        if (firstByte.opcode().isControl()) {
            return null;
        }
        if (firstByte.opcode().code() != 0) {
            message.reset();
            known = firstByte.rsv1();
        }
        known &= !seen.isCut() && message.size() + seen.length() <= MOST;
        if (!known) {
            return null;
        }
        byte[] piece = new byte[frame.payload().remaining()];
        frame.payload().get(piece);
        message.writeBytes(piece);
        return firstByte.fin() ? inflated() : null;
    }

    private @Nullable String inflated() {
        message.writeBytes(TAIL);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(message.toByteArray());
            byte[] output = new byte[MOST];
            int length = inflater.inflate(output);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(output, 0, length))
                    .toString();
        } catch (DataFormatException | CharacterCodingException e) {
            return null; // it refers to an earlier message, or is no text
        } finally {
            inflater.end();
        }
    }
}
