package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into a stream of frame pieces (RFC 6455 §5.2); the mirror of {@link FrameEncoder}.
 *
 * <p>Bytes may come in any split; the payload of a frame is handed on as it arrives, in as many pieces as it arrives
 * in, so that a declared length never makes anything grow. Payload is unmasked in place in the caller's buffer, and
 * the handler is given that very buffer with position and limit around the piece; only a read-only buffer with masked
 * payload is copied, through a scratch buffer of at most 4 KiB. Nothing is allocated per frame.
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
 * while (decoder.decode(input, (header, payload, end) -> ...)) {
 *     // at most one piece a turn: stop here, and go on later, whenever it suits
 * }
 * }</pre>
 *
 * <p>Not thread-safe. After a {@link ProtocolException} of its own, every further call throws the same violation
 * again, because there is no way to find the next frame, until {@link #reset()} begins another stream.
 */
public final class FrameDecoder {
    private static final int SCRATCH = 4096;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private static final byte IN_PAYLOAD = -1;
    private static final byte BROKEN = -2;

    private final FrameRules rules;
    private FrameHeader header = FrameHeader.of(0);
    /** How many bytes of the header have been taken; {@link #IN_PAYLOAD} once it is complete and good. */
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
     * @param rules what is accepted; data; each header is checked once
     */
    public FrameDecoder(FrameRules rules) {
        this.rules = rules;
    }

    /**
     * Takes bytes up to the end of the next piece of a frame, and hands over that piece.
     *
     * <p>When this returns true, exactly one piece was handed over and {@code input} stands behind it. When it returns
     * false, {@code input} was used up and no piece was in it: bring more. When it throws a violation, {@code input}
     * stands behind the length field of the header: the header is checked there, before its masking key has come. When the
     * handler throws, {@code input} stands behind the piece, and the decoder may go on. The limit is the caller's own
     * whenever this returns or throws, whatever the handler did to it.
     *
     * @param input bytes as they came from the peer, from position to limit, heap or direct. Masked payload is
     *     unmasked in place; not kept after the call
     * @param handler takes the piece; must not call this decoder
     * @return whether a piece was handed over
     * @throws ProtocolException if a header breaks the rules: 1002, or 1009 for a frame too long
     */
    public boolean decode(ByteBuffer input, FrameHandler handler) {
        /*
         * The fast path stands here, and not in a method of its own, so that this one is longer than what HotSpot inlines
         * (FreqInlineSize, 325 bytes of code): it is compiled by itself. Deep inside a caller, where the compiler stops
         * at a depth of 15, the accessors of the views would be calls, and unmasking would take ten times as long.
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
                    header = FrameHeader.of((int) (bytes >>> 56));
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
                    FrameViolation broken = rules.check(header, second < 0, payloadLength, lengthEnd - 2);
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
            handler.onFrame(header, input, endOfFrame);
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
        handler.onFrame(header, copy, advance(length));
    }

    /** Accounts for payload that is about to be handed over, and tells whether it ends the frame. */
    private boolean advance(int length) {
        remaining -= length;
        nextKey = Masking.advance(nextKey, length);
        if (remaining == 0) {
            headerBytes = 0;
            return true;
        }
        return false;
    }

    /** The slow path: takes what there is of the header; returns whether it is complete. */
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

    /** One byte at a time, resumable between any two. */
    private boolean acceptHeaderByte(byte b) {
        int at = headerBytes++;
        if (at == 0) {
            header = FrameHeader.of(b);
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

    /** Checks the header as soon as its length is known, before its masking key has come. */
    private void verify() {
        violation = rules.check(header, isMasked(), payloadLength, lengthBytes(secondByte));
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
     * Starts over as a new decoder with the same rules: for another stream, or where a violation or a cut leaves this one.
     */
    public void reset() {
        header = FrameHeader.of(0);
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
     * The payload length that the newest header declared. It says what the peer announced, not what has arrived.
     *
     * @return bytes; meaningful inside {@link FrameHandler#onFrame}
     */
    public long payloadLength() {
        return payloadLength;
    }

    /**
     * The MASK bit of the newest header.
     *
     * @return whether the payload travelled masked; meaningful inside {@link FrameHandler#onFrame}
     */
    public boolean isMasked() {
        return secondByte < 0;
    }

    /**
     * The masking key of the newest header.
     *
     * @return the key, its first byte on the wire in the top eight bits; 0 if the frame is not masked
     */
    public int maskingKey() {
        return maskingKey;
    }

    /**
     * Whether the stream stands between two frames, so that an end of input here cuts nothing in two.
     *
     * @return false inside a header or a payload, and after a violation
     */
    public boolean isBetweenFrames() {
        return headerBytes == 0;
    }
}
