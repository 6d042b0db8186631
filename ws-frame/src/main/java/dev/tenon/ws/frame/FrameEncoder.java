package dev.tenon.ws.frame;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns frames into bytes (RFC 6455 §5.2). The opposite of {@link FrameDecoder}.
 *
 * <p>{@link #encode} writes a whole frame. For a payload that comes in pieces or must not be copied, call {@link
 * #encodeHeader}, then {@link #encodePayload} (which copies) or {@link #mask} (which masks in place, for a gathering
 * write) until the declared length is reached. The encoder never splits, joins or checks frames, and allocates nothing
 * per frame.
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
     * Returns an encoder for a client, which masks every frame with a key of its own (RFC 6455 §5.3).
     *
     * @param maskingKeys the source of the keys
     * @return a new encoder
     */
    public static FrameEncoder masking(MaskingKeys maskingKeys) {
        return new FrameEncoder(maskingKeys);
    }

    /**
     * Returns an encoder for a server, or for a trusted peer under {@link FrameRules#unmaskedBetweenTrustedPeers()}.
     *
     * @return a new encoder
     */
    public static FrameEncoder unmasked() {
        return new FrameEncoder(null);
    }

    /**
     * Returns how many bytes the header of a frame takes.
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
     * @param firstByte the first byte
     * @param payload the payload, from position to limit; the position moves to the limit, the bytes stay as they are
     * @param output receives the frame; must not overlap {@code payload}; needs room for {@link #headerLength} plus the
     *     payload
     * @throws BufferOverflowException if there is not enough room; nothing was written then
     * @throws IllegalStateException if the frame before is not finished
     */
    public void encode(FirstByte firstByte, ByteBuffer payload, ByteBuffer output) {
        checkFinished();
        int length = payload.remaining();
        if (output.remaining() < (long) headerLength(length) + length) {
            throw new BufferOverflowException();
        }
        if (maskingKeys != null || length >= LENGTH_16) {
            putHeader(firstByte, length, output);
            copy(payload, length, output);
            return;
        }
        int at = output.position();
        int from = payload.position();
        ByteViews.SHORTS.set(output, at, (short) ((firstByte.value() << 8) | length));
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
     * @param firstByte the first byte
     * @param payloadLength the payload of the frame, in bytes, 0 or more
     * @param output receives the header; needs room for {@link #headerLength}
     * @throws BufferOverflowException if there is not enough room; nothing was written then
     * @throws IllegalStateException if the frame before is not finished
     * @throws IllegalArgumentException if the length is negative
     */
    public void encodeHeader(FirstByte firstByte, long payloadLength, ByteBuffer output) {
        checkFinished();
        if (payloadLength < 0) {
            throw new IllegalArgumentException("a payload length is not negative: " + payloadLength);
        }
        if (output.remaining() < headerLength(payloadLength)) {
            throw new BufferOverflowException();
        }
        putHeader(firstByte, payloadLength, output);
        remaining = payloadLength;
    }

    private void putHeader(FirstByte firstByte, long payloadLength, ByteBuffer output) {
        int at = output.position();
        int twoBytes = (firstByte.value() << 8) | (maskingKeys == null ? 0 : MASK_BIT);
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
     * Copies payload of the current frame, as much as {@code payload} holds and {@code output} has room for, and masks
     * it if this encoder masks.
     *
     * @param payload the next bytes of the payload, from position to limit; its position moves behind the copied bytes,
     *     the bytes stay as they are
     * @param output receives the bytes; must not overlap {@code payload}
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
     * Masks the next bytes of the current frame's payload in place, if this encoder masks, for a caller who sends the
     * buffer itself instead of a copy.
     *
     * @param payload the next bytes of the payload, from position to limit, which do not move; writable if this encoder
     *     masks
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

    /** The length of the shortest extended length field: 0, 2 or 8 bytes. */
    static int lengthBytes(long payloadLength) {
        return payloadLength < 126 ? 0 : payloadLength < 65_536 ? 2 : 8;
    }
}
