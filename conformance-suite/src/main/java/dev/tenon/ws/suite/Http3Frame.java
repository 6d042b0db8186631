package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** A frame of HTTP/3 (RFC 9114 §7), valid or invalid. */
@SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
record Http3Frame(long type, byte[] payload) {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int CANCEL_PUSH = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int MAX_PUSH_ID = 13;

    /** A type that is reserved for frames that a peer has to ignore (RFC 9114 §7.2.8). */
    static final int UNKNOWN = 0x1F * 5 + 0x21;

    // Error codes (RFC 9114 §8.1)
    static final long NO_ERROR = 0x100;
    static final long REQUEST_CANCELLED = 0x10C;

    private static final Map<Long, String> TYPES = Map.of(
            0L, "DATA",
            1L, "HEADERS",
            3L, "CANCEL_PUSH",
            4L, "SETTINGS",
            5L, "PUSH_PROMISE",
            7L, "GOAWAY",
            13L, "MAX_PUSH_ID");

    /** RFC 9114 §8.1, RFC 9204 §6. */
    private static final Map<Long, String> ERRORS = Map.ofEntries(
            Map.entry(NO_ERROR, "H3_NO_ERROR"),
            Map.entry(0x101L, "H3_GENERAL_PROTOCOL_ERROR"),
            Map.entry(0x102L, "H3_INTERNAL_ERROR"),
            Map.entry(0x103L, "H3_STREAM_CREATION_ERROR"),
            Map.entry(0x104L, "H3_CLOSED_CRITICAL_STREAM"),
            Map.entry(0x105L, "H3_FRAME_UNEXPECTED"),
            Map.entry(0x106L, "H3_FRAME_ERROR"),
            Map.entry(0x107L, "H3_EXCESSIVE_LOAD"),
            Map.entry(0x108L, "H3_ID_ERROR"),
            Map.entry(0x109L, "H3_SETTINGS_ERROR"),
            Map.entry(0x10AL, "H3_MISSING_SETTINGS"),
            Map.entry(0x10BL, "H3_REQUEST_REJECTED"),
            Map.entry(REQUEST_CANCELLED, "H3_REQUEST_CANCELLED"),
            Map.entry(0x10DL, "H3_REQUEST_INCOMPLETE"),
            Map.entry(0x10EL, "H3_MESSAGE_ERROR"),
            Map.entry(0x10FL, "H3_CONNECT_ERROR"),
            Map.entry(0x110L, "H3_VERSION_FALLBACK"),
            Map.entry(0x200L, "QPACK_DECOMPRESSION_FAILED"),
            Map.entry(0x201L, "QPACK_ENCODER_STREAM_ERROR"),
            Map.entry(0x202L, "QPACK_DECODER_STREAM_ERROR"));

    byte[] encode() {
        return Octets.join(VarInt.encode(type), VarInt.encode(payload.length), payload);
    }

    /** Encodes the frame with a type and a length of 8 bytes each, which need not be as short as possible. */
    byte[] encodeLong() {
        return Octets.join(VarInt.encode(type, 8), VarInt.encode(payload.length, 8), payload);
    }

    /** Returns a payload of numbers. Those of SETTINGS are identifiers and values in turn. */
    static byte[] numbers(long... numbers) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (long number : numbers) {
            payload.writeBytes(VarInt.encode(number));
        }
        return payload.toByteArray();
    }

    String describe() {
        return TYPES.getOrDefault(type, "frame of type " + type) + " of " + payload.length + " bytes";
    }

    static String error(long code) {
        return ERRORS.getOrDefault(code, "error " + code);
    }
}
