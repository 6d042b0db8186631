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
 * or checks frames. Nothing is allocated per frame.
 *
 * <p>Not thread-safe.
 */
public final class FrameEncoder {
    /** The longest header: two bytes, a 64-bit length and a masking key. */
    public static final int MAX_HEADER_LENGTH = 14;

    private static final int MASK_BIT = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

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
     * @param output where the frame goes, other bytes than those of {@code payload}; needs {@link #headerLength} plus
     *     the payload of room
     * @throws BufferOverflowException if there is not enough room; nothing was written then
     * @throws IllegalStateException if the frame before is not finished
     */
    public void encode(FrameHeader header, ByteBuffer payload, ByteBuffer output) {
        checkFinished();
        int length = payload.remaining();
        if (output.remaining() < (long) headerLength(length) + length) {
            throw new BufferOverflowException();
        }
        if (maskingKeys != null || length >= LENGTH_16) {
            putHeader(header, length, output);
            copy(payload, length, output);
            return;
        }
        int at = output.position();
        int from = payload.position();
        ByteViews.SHORTS.set(output, at, (short) ((header.firstByte() << 8) | length));
        if (length < Masking.FEW && output.isDirect()) {
            Masking.copyFew(payload, from, output, at + 2, length);
        } else {
            output.put(at + 2, payload, from, length);
        }
        output.position(at + 2 + length);
        payload.position(from + length);
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
        checkFinished();
        if (payloadLength < 0) {
            throw new IllegalArgumentException("a payload length is not negative: " + payloadLength);
        }
        if (output.remaining() < headerLength(payloadLength)) {
            throw new BufferOverflowException();
        }
        putHeader(header, payloadLength, output);
        remaining = payloadLength;
    }

    private void putHeader(FrameHeader header, long payloadLength, ByteBuffer output) {
        int at = output.position();
        int twoBytes = (header.firstByte() << 8) | (maskingKeys == null ? 0 : MASK_BIT);
        if (payloadLength < 126) {
            ByteViews.SHORTS.set(output, at, (short) (twoBytes | (int) payloadLength));
            at += 2;
        } else if (payloadLength < 65_536) {
            ByteViews.SHORTS.set(output, at, (short) (twoBytes | LENGTH_16));
            ByteViews.SHORTS.set(output, at + 2, (short) payloadLength);
            at += 4;
        } else {
            ByteViews.SHORTS.set(output, at, (short) (twoBytes | LENGTH_64));
            ByteViews.LONGS.set(output, at + 2, payloadLength);
            at += 10;
        }
        if (maskingKeys != null) {
            nextKey = maskingKeys.next();
            ByteViews.INTS.set(output, at, nextKey);
            at += Integer.BYTES;
        }
        output.position(at);
    }

    /**
     * Copies as much payload of the current frame as there is and as fits, masked if this encoder masks.
     *
     * @param payload the next bytes of the payload, from position to limit; its position moves behind what was taken,
     *     its bytes are not changed, not kept
     * @param output where the bytes go, other bytes than those of {@code payload}
     * @throws IllegalArgumentException if {@code payload} holds more than the frame still lacks
     */
    public void encodePayload(ByteBuffer payload, ByteBuffer output) {
        checkLacking(payload.remaining());
        int length = Math.min(payload.remaining(), output.remaining());
        copy(payload, length, output);
        advance(length);
    }

    private void copy(ByteBuffer payload, int length, ByteBuffer output) {
        int from = payload.position();
        int to = output.position();
        Masking.copyMasked(payload, from, output, to, length, nextKey);
        payload.position(from + length);
        output.position(to + length);
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
        checkLacking(payload.remaining());
        Masking.apply(payload, payload.position(), payload.limit(), nextKey);
        advance(payload.remaining());
    }

    private void checkFinished() {
        if (remaining != 0) {
            throw new IllegalStateException("the frame before still lacks " + remaining + " bytes of payload");
        }
    }

    private void checkLacking(int offered) {
        if (offered > remaining) {
            throw new IllegalArgumentException("the frame lacks " + remaining + " bytes of payload, not " + offered);
        }
    }

    private void advance(int length) {
        remaining -= length;
        nextKey = Masking.advance(nextKey, length);
    }

    /** How many bytes the extended length takes at least: 0, 2 or 8. */
    static int lengthBytes(long payloadLength) {
        return payloadLength < 126 ? 0 : payloadLength < 65_536 ? 2 : 8;
    }
}
