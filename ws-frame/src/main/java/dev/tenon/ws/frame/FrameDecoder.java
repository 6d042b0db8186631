package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into a stream of frame pieces (RFC 6455 §5.2). The opposite of {@link FrameEncoder}.
 *
 * <p>Bytes may be split anywhere. The decoder hands on the payload of a frame piece by piece as it arrives, so a large
 * declared length never makes a buffer grow. It unmasks payload in place in the caller's buffer, and passes that same
 * buffer to the handler, with position and limit around the piece. Only masked payload in a read-only buffer is copied,
 * through a scratch buffer of at most 4 KiB. The decoder allocates nothing per frame.
 *
 * <pre>{@code
 * before the call    | header | payload, masked    | next frame |
 *                    ^ position                                 ^ limit
 * in onFrame         | header | payload, unmasked  | next frame |
 *                             ^ position           ^ limit
 * after the call     | header | payload, unmasked  | next frame |
 *                                                  ^ position   ^ limit
 * }</pre>
 *
 * <pre>{@code
 * FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
 * while (decoder.decode(input, (firstByte, payload, end) -> ...)) {
 *     // each call decodes at most one piece, so the loop may stop here and continue later
 * }
 * }</pre>
 *
 * <p>Not thread-safe. After a violation, the next frame cannot be found, so every further call throws the same
 * violation again until {@link #reset()} begins another stream.
 */
public final class FrameDecoder {
    private static final int SCRATCH = 4096;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private static final byte IN_PAYLOAD = -1;
    private static final byte BROKEN = -2;

    private final FrameRules rules;
    private FirstByte firstByte = FirstByte.of(0);
    /** How many bytes of the header have been read; {@link #IN_PAYLOAD} once it is complete and good. */
    private byte headerBytes;

    private byte secondByte;
    private long payloadLength;
    private long remaining;
    private int maskingKey;
    /** The masking key as it applies to the next byte of the payload. */
    private int nextKey;

    private @Nullable FrameViolation violation;
    private @Nullable ByteBuffer scratch;

    /**
     * A decoder at the start of a stream.
     *
     * @param rules what the decoder accepts; it checks each header once
     */
    public FrameDecoder(FrameRules rules) {
        this.rules = rules;
    }

    /**
     * Reads bytes up to the end of the next piece of a frame, and passes that piece to the handler.
     *
     * <p>If this returns true, the handler was called exactly once, and the position of {@code input} is behind the
     * piece. If it returns false, {@code input} is used up and the handler was not called: more input is needed. If it
     * throws a violation, the position is behind the length field of the header, because the header is checked before
     * its masking key has arrived. If the handler throws, the position is behind the piece, and decoding may continue.
     * The limit is always the caller's own afterwards, even if the handler changed it.
     *
     * @param input bytes as they came from the peer, from position to limit, heap or direct. Masked payload is unmasked
     *     in place. The decoder does not keep the buffer
     * @param handler receives the piece; must not call this decoder
     * @return whether the handler was called
     * @throws ProtocolException if a header breaks the rules: 1002, or 1009 for a frame too long
     */
    public boolean decode(ByteBuffer input, FrameHandler handler) {
        /*
         * The fast path is part of this method to make it longer than HotSpot's limit for inlining (FreqInlineSize, 325
         * bytes of code). So HotSpot compiles this method separately. Inlined deep in a caller, it would reach the
         * inlining depth of 15, the accessors of the views would be calls, and unmasking would take ten times as long.
         */
        if (headerBytes != IN_PAYLOAD) {
            int at = input.position();
            int available = input.limit() - at;
            boolean whole = false;
            if (headerBytes == 0 && available >= Long.BYTES) {
                long bytes = (long) ByteViews.LONGS.get(input, at);
                byte second = (byte) (bytes >> 48);
                int lengthEnd = 2 + lengthBytes(second);
                int end = second < 0 ? lengthEnd + Integer.BYTES : lengthEnd;
                if (available >= end) {
                    firstByte = FirstByte.of((int) (bytes >>> 56));
                    secondByte = second;
                    if (lengthEnd == 2) {
                        payloadLength = second & 0x7F;
                        maskingKey = (int) (bytes >> 16);
                    } else if (lengthEnd == 4) {
                        payloadLength = (bytes >> 32) & 0xFFFF;
                        maskingKey = (int) bytes;
                    } else {
                        payloadLength = (long) ByteViews.LONGS.get(input, at + 2);
                        maskingKey = second < 0 ? (int) ByteViews.INTS.get(input, at + lengthEnd) : 0;
                    }
                    if (second >= 0) {
                        maskingKey = 0;
                    }
                    FrameViolation broken = rules.check(firstByte, second < 0, payloadLength, lengthEnd - 2);
                    if (broken != null) {
                        violation = broken;
                        input.position(at + lengthEnd);
                        fail(broken);
                    }
                    input.position(at + end);
                    beginPayload();
                    whole = true;
                }
            }
            if (!whole && !decodeHeaderBytes(input)) {
                return false;
            }
        }
        int length = (int) Math.min(remaining, input.remaining());
        if (length == 0 && remaining != 0) {
            return false;
        }
        if (nextKey != 0 && length != 0 && input.isReadOnly()) {
            handOverCopy(input, Math.min(length, SCRATCH), handler);
            return true;
        }
        int start = input.position();
        int end = start + length;
        int limit = input.limit();
        if (nextKey != 0) {
            Masking.apply(input, start, end, nextKey);
        }
        boolean endOfFrame = advance(length);
        input.limit(end);
        try {
            handler.onFrame(firstByte, input, endOfFrame);
        } finally {
            input.limit(limit).position(end);
        }
        return true;
    }

    private void handOverCopy(ByteBuffer input, int length, FrameHandler handler) {
        if (scratch == null) {
            scratch = ByteBuffer.allocate(SCRATCH);
        }
        ByteBuffer copy = scratch.clear().limit(length).order(ByteOrder.BIG_ENDIAN);
        int start = input.position();
        copy.put(0, input, start, length);
        input.position(start + length);
        Masking.apply(copy, 0, length, nextKey);
        handler.onFrame(firstByte, copy, advance(length));
    }

    /** Counts payload that the handler is about to receive. Returns whether it ends the frame. */
    private boolean advance(int length) {
        remaining -= length;
        nextKey = Masking.advance(nextKey, length);
        if (remaining == 0) {
            headerBytes = 0;
            return true;
        }
        return false;
    }

    /** The slow path: reads the header bytes that are there. Returns whether the header is complete. */
    private boolean decodeHeaderBytes(ByteBuffer input) {
        if (violation != null) {
            throw violation.toException();
        }
        while (input.hasRemaining()) {
            if (acceptHeaderByte(input.get())) {
                return true;
            }
        }
        return false;
    }

    /** Reads one byte of the header, which may arrive in any number of calls. */
    private boolean acceptHeaderByte(byte b) {
        int at = headerBytes++;
        if (at == 0) {
            firstByte = FirstByte.of(b);
            return false;
        }
        if (at == 1) {
            secondByte = b;
            payloadLength = lengthBytes(b) == 0 ? b & 0x7F : 0;
            maskingKey = 0;
        }
        int lengthEnd = 2 + lengthBytes(secondByte);
        if (at >= lengthEnd) {
            maskingKey = (maskingKey << 8) | (b & 0xFF);
        } else if (at >= 2) {
            payloadLength = (payloadLength << 8) | (b & 0xFF);
        }
        if (headerBytes == lengthEnd) {
            verify();
        }
        if (headerBytes < (isMasked() ? lengthEnd + Integer.BYTES : lengthEnd)) {
            return false;
        }
        beginPayload();
        return true;
    }

    /** Checks the header as soon as its length is known, before its masking key has arrived. */
    private void verify() {
        violation = rules.check(firstByte, isMasked(), payloadLength, lengthBytes(secondByte));
        if (violation != null) {
            fail(violation);
        }
    }

    private void fail(FrameViolation broken) {
        headerBytes = BROKEN;
        throw broken.toException();
    }

    private void beginPayload() {
        headerBytes = IN_PAYLOAD;
        remaining = payloadLength;
        nextKey = maskingKey;
    }

    /**
     * Returns to the state of a new decoder with the same rules, for another stream. Allowed at any time, also inside a
     * frame and after a violation.
     */
    public void reset() {
        firstByte = FirstByte.of(0);
        headerBytes = 0;
        secondByte = 0;
        payloadLength = 0;
        remaining = 0;
        maskingKey = 0;
        nextKey = 0;
        violation = null;
    }

    private static int lengthBytes(byte secondByte) {
        int length = secondByte & 0x7F;
        return length < LENGTH_16 ? 0 : length == LENGTH_64 ? 8 : 2;
    }

    /**
     * Returns the payload length that the newest header declares, however much of the payload has arrived.
     *
     * @return bytes; meaningful inside {@link FrameHandler#onFrame}
     */
    public long payloadLength() {
        return payloadLength;
    }

    /**
     * Returns the MASK bit of the newest header.
     *
     * @return whether the peer masked the payload; meaningful inside {@link FrameHandler#onFrame}
     */
    public boolean isMasked() {
        return secondByte < 0;
    }

    /**
     * Returns the masking key of the newest header.
     *
     * @return the key, its first byte on the wire in the top eight bits; 0 if the frame is not masked
     */
    public int maskingKey() {
        return maskingKey;
    }

    /**
     * Whether the last frame is complete and the next has not begun, so that the input may end here.
     *
     * @return false inside a header or a payload, and after a violation
     */
    public boolean isBetweenFrames() {
        return headerBytes == 0;
    }
}
