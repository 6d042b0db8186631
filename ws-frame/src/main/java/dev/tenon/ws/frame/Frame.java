package dev.tenon.ws.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * A whole frame as a value, for tests and tools. The modules of Tenon do not use it; they use {@link FrameDecoder} and
 * {@link FrameEncoder}, which copy nothing. Immutable as long as nobody changes the bytes of its payload.
 *
 * @param firstByte the first byte
 * @param payload the unmasked payload, read-only, position at its start
 */
public record Frame(FirstByte firstByte, ByteBuffer payload) {
    private static final int SHOWN = 32;

    /**
     * A frame.
     *
     * @param firstByte the first byte
     * @param payload the unmasked payload, from position to limit; shared, not copied
     */
    public Frame {
        payload = payload.slice().asReadOnlyBuffer();
    }

    /**
     * Returns the payload, as a view of its own: reading it does not move the position of another view.
     *
     * @return a new read-only view
     */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * Returns a text message in one frame.
     *
     * @param text the text
     * @return a frame with FIN
     */
    public static Frame text(String text) {
        return new Frame(FirstByte.of(true, Opcode.TEXT), ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /**
     * Returns a binary message in one frame.
     *
     * @param payload the bytes, from position to limit; shared, not copied
     * @return a frame with FIN
     */
    public static Frame binary(ByteBuffer payload) {
        return new Frame(FirstByte.of(true, Opcode.BINARY), payload);
    }

    /**
     * Returns a Close frame.
     *
     * @param payload code and reason
     * @return a frame with FIN
     */
    public static Frame close(ClosePayload payload) {
        return new Frame(FirstByte.of(true, Opcode.CLOSE), payload.encode());
    }

    /**
     * Returns a handler that joins pieces into whole frames. It holds the current frame in memory, whatever its length:
     * give the decoder a {@linkplain FrameRules#withMaxPayloadLength limit} when the peer is not trusted. Use one
     * handler for a whole stream: it throws an {@link IllegalStateException} at the end of a frame if it has not seen
     * all pieces of it. Not thread-safe.
     *
     * @param decoder the decoder that hands its pieces to the handler
     * @param frames receives each frame, with a payload of its own, when its last piece has arrived
     * @return a new handler for one stream
     */
    public static FrameHandler joining(FrameDecoder decoder, Consumer<? super Frame> frames) {
        return new Joiner(decoder, frames);
    }

    /**
     * Decodes all frames that end in the given bytes. The beginning of a frame that does not end in them is lost: if
     * the bytes of a stream arrive in several buffers, use one {@link #joining} handler instead.
     *
     * @param decoder the decoder
     * @param input the bytes, from position to limit; used up, and unmasked in place unless read-only
     * @return the frames, with payloads of their own
     * @throws ProtocolException if a header breaks the decoder's rules
     */
    public static List<Frame> decodeAll(FrameDecoder decoder, ByteBuffer input) {
        List<Frame> frames = new ArrayList<>();
        FrameHandler joiner = joining(decoder, frames::add);
        while (decoder.decode(input, joiner)) {
            // each call decodes one piece
        }
        return frames;
    }

    /**
     * Encodes this frame.
     *
     * @param encoder the encoder
     * @return a new buffer that holds the frame and nothing else
     */
    public ByteBuffer encode(FrameEncoder encoder) {
        ByteBuffer output = ByteBuffer.allocate(encoder.headerLength(payload.remaining()) + payload.remaining());
        encoder.encode(firstByte, payload(), output);
        return output.flip();
    }

    /**
     * Returns a text for logs: {@code FIN TEXT, 5 bytes: 48656c6c6f}.
     *
     * @return header, length and up to 32 bytes of the payload in hex
     */
    @Override
    public String toString() {
        int length = payload.remaining();
        byte[] shown = new byte[Math.min(length, SHOWN)];
        payload.get(0, shown);
        return firstByte + ", " + length + " bytes"
                + (length == 0 ? "" : ": " + HexFormat.of().formatHex(shown))
                + (length > SHOWN ? "..." : "");
    }

    private static final class Joiner implements FrameHandler {
        private final FrameDecoder decoder;
        private final Consumer<? super Frame> frames;
        private final ByteArrayOutputStream joined = new ByteArrayOutputStream();

        Joiner(FrameDecoder decoder, Consumer<? super Frame> frames) {
            this.decoder = decoder;
            this.frames = frames;
        }

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            byte[] piece = new byte[payload.remaining()];
            payload.get(piece);
            long length = (long) joined.size() + piece.length;
            if (endOfFrame && length != decoder.payloadLength()) {
                joined.reset();
                throw new IllegalStateException("this handler has seen " + length + " of " + decoder.payloadLength()
                        + " bytes of the frame: make one for each stream, and keep it from call to call");
            }
            if (endOfFrame && joined.size() == 0) {
                frames.accept(new Frame(firstByte, ByteBuffer.wrap(piece)));
                return;
            }
            joined.writeBytes(piece);
            if (endOfFrame) {
                Frame whole = new Frame(firstByte, ByteBuffer.wrap(joined.toByteArray()));
                joined.reset();
                frames.accept(whole);
            }
        }
    }
}
