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
 * Inflates the compressed messages of one direction, so that their text can be shown beside the frames. A message may
 * refer to earlier ones (RFC 7692 §7.1.1), so all of them must be complete; after an incomplete one, only messages
 * without such references are shown. Not thread-safe.
 */
final class MessageText {
    private static final int MOST_SHOWN = 16 * 1024;
    private static final int MOST_COMPRESSED = 1 << 20;
    private static final int MOST_INFLATED = 64 << 20;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF}; // RFC 7692 §7.2.2

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable Inflater inflater;
    private boolean compressed;
    private boolean whole;

    /** Adds a frame. Returns the text of the compressed message that ends with it, or null. */
    @Nullable
    String add(SeenFrame seen) {
        Frame frame = seen.frame();
        FirstByte firstByte = frame.firstByte();
        if (firstByte.opcode().isControl()) {
            return null;
        }
        if (firstByte.opcode().code() != 0) {
            message.reset();
            compressed = firstByte.rsv1();
            whole = true;
        }
        if (!compressed) {
            return null;
        }
        whole &= !seen.isCut() && message.size() + seen.length() <= MOST_COMPRESSED;
        if (whole) {
            byte[] piece = new byte[frame.payload().remaining()];
            frame.payload().get(frame.payload().position(), piece);
            message.writeBytes(piece);
        }
        if (!firstByte.fin()) {
            return null;
        }
        if (!whole) {
            forget();
            return null;
        }
        message.writeBytes(TAIL);
        return inflated(message.toByteArray());
    }

    /** The next message cannot refer to earlier ones. */
    private void forget() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private @Nullable String inflated(byte[] input) {
        Inflater stream = inflater == null ? new Inflater(true) : inflater;
        inflater = stream;
        stream.setInput(input);
        byte[] output = new byte[MOST_SHOWN];
        byte[] rest = new byte[4096];
        try {
            int shown = stream.inflate(output);
            long more = 0;
            for (int length = shown; length > 0 && more < MOST_INFLATED; more += length) {
                length = stream.inflate(rest);
            }
            if (stream.finished() || more >= MOST_INFLATED) {
                forget();
            }
            return more > 0 ? null : text(ByteBuffer.wrap(output, 0, shown));
        } catch (DataFormatException e) { // the message refers to one that was not seen
            forget();
            return null;
        }
    }

    private static @Nullable String text(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null; // binary
        }
    }
}
