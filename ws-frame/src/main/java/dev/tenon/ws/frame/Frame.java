package dev.tenon.ws.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A whole frame as a value, for tests and tools. Nothing in Tenon is built on it: see {@link FrameDecoder} and
 * {@link FrameEncoder}. Immutable as long as nobody writes to what the payload was made of.
 *
 * @param header the first byte
 * @param payload the unmasked payload, read-only, position at its start
 */
public record Frame(FrameHeader header, ByteBuffer payload) {
    /**
     * A frame.
     *
     * @param header the first byte
     * @param payload the unmasked payload, from position to limit; shared, not copied
     */
    public Frame {
        payload = payload.slice().asReadOnlyBuffer();
    }

    /**
     * The payload, as a view of its own: reading it moves nobody else's position.
     *
     * @return a new read-only view
     */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * A text message in one frame.
     *
     * @param text the text
     * @return a frame with FIN
     */
    public static Frame text(String text) {
        return new Frame(FrameHeader.of(true, Opcode.TEXT), ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /**
     * A binary message in one frame.
     *
     * @param payload the bytes, from position to limit; shared, not copied
     * @return a frame with FIN
     */
    public static Frame binary(ByteBuffer payload) {
        return new Frame(FrameHeader.of(true, Opcode.BINARY), payload);
    }

    /**
     * A Close frame.
     *
     * @param payload code and reason
     * @return a frame with FIN
     */
    public static Frame close(ClosePayload payload) {
        return new Frame(FrameHeader.of(true, Opcode.CLOSE), payload.encode());
    }

    /**
     * Decodes all frames that end in the given bytes. A frame that does not end there is left in the decoder, and the
     * part of its payload that was there is lost: hold a {@link FrameHandler} of your own when bytes come piecemeal.
     *
     * @param decoder decodes
     * @param input the bytes, from position to limit; used up, and unmasked in place unless read-only
     * @return the frames, with payloads of their own
     * @throws ProtocolException if a header breaks the decoder's rules
     */
    public static List<Frame> decodeAll(FrameDecoder decoder, ByteBuffer input) {
        List<Frame> frames = new ArrayList<>();
        Joiner joiner = new Joiner(frames);
        while (decoder.decode(input, joiner)) {
            // one piece a turn
        }
        return frames;
    }

    /**
     * Encodes this frame.
     *
     * @param encoder encodes
     * @return a new buffer that holds the frame and nothing else
     */
    public ByteBuffer encode(FrameEncoder encoder) {
        ByteBuffer output = ByteBuffer.allocate(encoder.headerLength(payload.remaining()) + payload.remaining());
        encoder.encode(header, payload(), output);
        return output.flip();
    }

    private static final class Joiner implements FrameHandler {
        private final List<Frame> frames;
        private byte[] joined = {};

        Joiner(List<Frame> frames) {
            this.frames = frames;
        }

        @Override
        public void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
            int length = joined.length;
            joined = Arrays.copyOf(joined, length + payload.remaining());
            payload.get(joined, length, joined.length - length);
            if (endOfFrame) {
                frames.add(new Frame(header, ByteBuffer.wrap(joined)));
                joined = new byte[0];
            }
        }
    }
}
