package dev.tenon.ws.frame;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns frames into bytes (RFC 6455 §5.2); the mirror of {@link FrameDecoder}.
 *
 * <p>{@link #encode} writes a frame whole. A frame whose payload comes in pieces, or goes out uncopied, is written as
 * {@link #encodeHeader} and then {@link #encodePayload} (which copies) or {@link #mask} (which works in place, for a
 * gathering write) until the announced length is reached. The encoder writes what it is told: it never splits, joins
 * or judges frames. Nothing is allocated per frame.
 *
 * <p>Not thread-safe.
 */
public final class FrameEncoder {
    /** The longest header: two bytes, a 64-bit length and a masking key. */
    public static final int MAX_HEADER_LENGTH = 14;

    private static final int MASK_BIT = 0x80;

    private final @Nullable MaskingKeys maskingKeys;
    private long remaining;
    /** The masking key as it applies to the next byte of the payload; 0 when nothing is masked. */
    private int nextKey;

    private FrameEncoder(@Nullable MaskingKeys maskingKeys) {
        this.maskingKeys = maskingKeys;
    }

    /**
     * An encoder for a client, which masks every frame with a key of its own (RFC 6455 §5.3).
     *
     * @param maskingKeys where the keys come from
     * @return a new encoder
     */
    public static FrameEncoder masking(MaskingKeys maskingKeys) {
        return new FrameEncoder(maskingKeys);
    }

    /**
     * An encoder for a server, or for a trusted peer under {@link FrameRules#unmaskedBetweenTrustedPeers()}.
     *
     * @return a new encoder
     */
    public static FrameEncoder unmasked() {
        return new FrameEncoder(null);
    }

    /**
     * How many bytes the header of a frame takes.
     *
     * @param payloadLength the payload of the frame, in bytes
     * @return 2 to {@link #MAX_HEADER_LENGTH}
     */
    public int headerLength(long payloadLength) {
        return 2 + lengthBytes(payloadLength) + (maskingKeys == null ? 0 : 4);
    }

    /**
     * Writes a whole frame.
     *
     * @param header the first byte
     * @param payload the payload, from position to limit; used up, its bytes are not changed, not kept
     * @param output where the frame goes; needs {@link #headerLength} plus the payload of room
     * @throws BufferOverflowException if there is not enough room; nothing was written then
     * @throws IllegalStateException if the frame before is not finished
     */
    public void encode(FrameHeader header, ByteBuffer payload, ByteBuffer output) {
        int length = payload.remaining();
        if (output.remaining() < (long) headerLength(length) + length) {
            throw new BufferOverflowException();
        }
        encodeHeader(header, length, output);
        encodePayload(payload, output);
    }

    /**
     * Writes the header of a frame. Its payload has to follow before the next frame.
     *
     * @param header the first byte
     * @param payloadLength the payload of the frame, in bytes, 0 or more
     * @param output where the header goes; needs {@link #headerLength} of room
     * @throws BufferOverflowException if there is not enough room; nothing was written then
     * @throws IllegalStateException if the frame before is not finished
     * @throws IllegalArgumentException if the length is negative
     */
    public void encodeHeader(FrameHeader header, long payloadLength, ByteBuffer output) {
        if (remaining != 0) {
            throw new IllegalStateException("the frame before still lacks " + remaining + " bytes of payload");
        }
        if (payloadLength < 0) {
            throw new IllegalArgumentException("a payload length is not negative: " + payloadLength);
        }
        int lengthBytes = lengthBytes(payloadLength);
        int maskBit = maskingKeys == null ? 0 : MASK_BIT;
        int at = output.position();
        int end = at + 2 + lengthBytes + (maskBit >> 5);
        if (end > output.limit()) {
            throw new BufferOverflowException();
        }
        output.put(at, (byte) header.firstByte());
        output.put(at + 1, (byte) (maskBit | (lengthBytes == 0 ? (int) payloadLength : lengthBytes == 2 ? 126 : 127)));
        at += 2;
        for (int shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8) {
            output.put(at++, (byte) (payloadLength >>> shift));
        }
        if (maskingKeys != null) {
            nextKey = maskingKeys.next();
            for (int shift = 24; shift >= 0; shift -= 8) {
                output.put(at++, (byte) (nextKey >>> shift));
            }
        }
        output.position(end);
        remaining = payloadLength;
    }

    /**
     * Copies as much payload of the current frame as there is and as fits, masked if this encoder masks.
     *
     * @param payload the next bytes of the payload, from position to limit; its position moves behind what was taken,
     *     its bytes are not changed, not kept
     * @param output where the bytes go
     * @throws IllegalArgumentException if {@code payload} holds more than the frame still lacks
     */
    public void encodePayload(ByteBuffer payload, ByteBuffer output) {
        int length = Math.min(payload.remaining(), output.remaining());
        int start = output.position();
        int from = payload.position();
        int key = advance(payload.remaining(), length);
        output.put(start, payload, from, length);
        if (key != 0) {
            Masking.apply(output, start, start + length, key);
        }
        payload.position(from + length);
        output.position(start + length);
    }

    /**
     * Masks the next bytes of the current frame's payload in place, if this encoder masks, for a caller who sends them
     * from where they are.
     *
     * @param payload the next bytes of the payload, from position to limit, which stay where they are; the caller's
     *     own, writable if this encoder masks
     * @throws IllegalArgumentException if {@code payload} holds more than the frame still lacks
     */
    public void mask(ByteBuffer payload) {
        int length = payload.remaining();
        int key = advance(length, length);
        Masking.apply(payload, payload.position(), payload.limit(), key);
    }

    /** Accounts for payload, and returns the masking key as it applies to its first byte. */
    private int advance(int offered, int taken) {
        if (offered > remaining) {
            throw new IllegalArgumentException("the frame lacks " + remaining + " bytes of payload, not " + offered);
        }
        int key = nextKey;
        remaining -= taken;
        nextKey = Masking.advance(key, taken);
        return key;
    }

    private static int lengthBytes(long payloadLength) {
        return payloadLength < 126 ? 0 : payloadLength < 65_536 ? 2 : 8;
    }
}
