package dev.tenon.ws.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/**
 * The payload of a Close frame: nothing, a code, or a code and a reason (RFC 6455 §5.5.1).
 *
 * @param code the close code; {@link CloseCode#NO_STATUS_RECEIVED} stands for the empty payload
 * @param reason the reason, at most 123 bytes in UTF-8; empty without a code
 */
public record ClosePayload(CloseCode code, String reason) {
    /** The longest reason, in bytes of UTF-8. */
    public static final int MAX_REASON_BYTES = FrameRules.MAX_CONTROL_PAYLOAD - 2;

    /** No code and no reason. */
    public static final ClosePayload EMPTY = new ClosePayload(CloseCode.NO_STATUS_RECEIVED, "");

    /**
     * A payload that may be sent.
     *
     * @param code a code that {@linkplain CloseCode#isSendable() may be sent}, or 1005 for the empty payload
     * @param reason the reason, well-formed Unicode, at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long, holds a lone surrogate
     *     or comes without a code
     */
    public ClosePayload {
        boolean none = code.equals(CloseCode.NO_STATUS_RECEIVED);
        if (none && !reason.isEmpty()) {
            throw new IllegalArgumentException("a close reason needs a code");
        }
        if (!none && !code.isSendable()) {
            throw new IllegalArgumentException("close code " + code + " must not be sent");
        }
        if (!UTF_8.newEncoder().canEncode(reason)) {
            throw new IllegalArgumentException("the close reason holds a lone surrogate");
        }
        if (reason.getBytes(UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException("a close reason has at most 123 bytes in UTF-8");
        }
    }

    /**
     * Returns a payload whose reason is shortened to 123 bytes, never inside a code point.
     *
     * @param code a code that may be sent, or 1005 without a reason
     * @param reason the reason, well-formed Unicode of any length
     * @return the payload
     * @throws IllegalArgumentException if the code must not be sent, or the shortened reason holds a lone surrogate
     */
    public static ClosePayload cutToFit(CloseCode code, String reason) {
        int bytes = 0;
        int end = 0;
        while (end < reason.length()) {
            int codePoint = reason.codePointAt(end);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > MAX_REASON_BYTES) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return new ClosePayload(code, reason.substring(0, end));
    }

    /**
     * Reads the payload of a Close frame that a peer sent.
     *
     * @param payload the whole unmasked payload, from position to limit; used up even when this throws, not kept
     * @return its code and reason
     * @throws ProtocolException 1002 for a single byte, more than 125 bytes or a code that must not be sent, 1007 for a
     *     reason that is not UTF-8
     */
    public static ClosePayload decode(ByteBuffer payload) {
        ByteBuffer bytes = payload.slice();
        payload.position(payload.limit());
        if (!bytes.hasRemaining()) {
            return EMPTY;
        }
        if (bytes.remaining() == 1) {
            throw CloseViolation.CODE_INCOMPLETE.toException();
        }
        if (bytes.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw FrameViolation.CONTROL_FRAME_TOO_LONG.toException();
        }
        CloseCode code = new CloseCode(bytes.getShort() & 0xFFFF);
        if (!code.isSendable()) {
            throw new ProtocolException(CloseViolation.CODE_NOT_ALLOWED, code.toString());
        }
        try {
            String reason = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
            return new ClosePayload(code, reason);
        } catch (CharacterCodingException e) {
            throw CloseViolation.REASON_NOT_UTF_8.toException();
        }
    }

    /**
     * Returns the payload as it is sent.
     *
     * @return a new buffer of 0 to 125 bytes
     */
    public ByteBuffer encode() {
        if (code.equals(CloseCode.NO_STATUS_RECEIVED)) {
            return ByteBuffer.allocate(0);
        }
        byte[] text = reason.getBytes(UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .put((byte) (code.value() >> 8))
                .put((byte) code.value())
                .put(text)
                .flip();
    }
}
