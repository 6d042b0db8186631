package dev.tenon.ws.suite;

import java.nio.ByteBuffer;

/** A valid or invalid frame to send, with a choice of every bit (RFC 6455 §5.2). */
@SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
record WireFrame(boolean fin, int rsv, int opcode, byte[] payload, Length length, boolean wrongMask) {

    /** The form of the payload length. */
    enum Length {
        MINIMAL,
        SIXTEEN_BITS,
        SIXTY_FOUR_BITS,
        TOP_BIT
    }

    static WireFrame of(int opcode, byte[] payload) {
        return new WireFrame(true, 0, opcode, payload, Length.MINIMAL, false);
    }

    static WireFrame text(String text) {
        return of(Opcodes.TEXT, Octets.utf8(text));
    }

    static WireFrame binary(byte[] data) {
        return of(Opcodes.BINARY, data);
    }

    static WireFrame ping(String payload) {
        return of(Opcodes.PING, Octets.utf8(payload));
    }

    static WireFrame pong(String payload) {
        return of(Opcodes.PONG, Octets.utf8(payload));
    }

    static WireFrame close(int code, String reason) {
        return of(Opcodes.CLOSE, Octets.join(code(code), Octets.utf8(reason)));
    }

    static byte[] code(int code) {
        return new byte[] {(byte) (code >> 8), (byte) code};
    }

    static WireFrame continuation(String text) {
        return of(Opcodes.CONTINUATION, Octets.utf8(text));
    }

    /** This frame without FIN. */
    WireFrame notFinal() {
        return new WireFrame(false, rsv, opcode, payload, length, wrongMask);
    }

    /** This frame with RSV bits: 4 is RSV1, 2 is RSV2, 1 is RSV3. */
    WireFrame rsv(int bits) {
        return new WireFrame(fin, bits, opcode, payload, length, wrongMask);
    }

    WireFrame isFinal() {
        return new WireFrame(true, rsv, opcode, payload, length, wrongMask);
    }

    WireFrame opcode(int other) {
        return new WireFrame(fin, rsv, other, payload, length, wrongMask);
    }

    WireFrame length(Length form) {
        return new WireFrame(fin, rsv, opcode, payload, form, wrongMask);
    }

    /** This frame with the wrong masking: masked from a server, unmasked from a client. */
    WireFrame wronglyMasked() {
        return masked(true);
    }

    WireFrame masked(boolean wrongly) {
        return new WireFrame(fin, rsv, opcode, payload, length, wrongly);
    }

    WireFrame payload(byte[] other) {
        return new WireFrame(fin, rsv, opcode, other, length, wrongMask);
    }

    int firstByte() {
        return (fin ? 0x80 : 0) | rsv << 4 | opcode;
    }

    /** The frame's bytes, masked by the role unless the masking is wrong on purpose. */
    byte[] encode(boolean masking, int key) {
        boolean masked = masking != wrongMask;
        ByteBuffer bytes = ByteBuffer.allocate(14 + payload.length);
        bytes.put((byte) firstByte());
        putLength(bytes, masked ? 0x80 : 0);
        if (masked) {
            bytes.putInt(key);
        }
        int start = bytes.position();
        bytes.put(payload);
        if (masked) {
            mask(bytes.array(), start, bytes.position(), key);
        }
        byte[] exact = new byte[bytes.flip().remaining()];
        bytes.get(exact);
        return exact;
    }

    private void putLength(ByteBuffer bytes, int maskBit) {
        int size = payload.length;
        if (length == Length.TOP_BIT) {
            bytes.put((byte) (maskBit | 127)).putLong(Long.MIN_VALUE | size);
        } else if (length == Length.SIXTY_FOUR_BITS || size > 0xFFFF) {
            bytes.put((byte) (maskBit | 127)).putLong(size);
        } else if (length == Length.SIXTEEN_BITS || size > 125) {
            bytes.put((byte) (maskBit | 126)).putShort((short) size);
        } else {
            bytes.put((byte) (maskBit | size));
        }
    }

    static void mask(byte[] bytes, int from, int to, int key) {
        for (int i = from; i < to; i++) {
            bytes[i] ^= (byte) (key >> (24 - 8 * ((i - from) & 3)));
        }
    }

    /** The frame's header in words, for reports. */
    String describe() {
        return describe(fin, rsv, opcode, payload.length)
                + (length == Length.MINIMAL ? "" : ", length " + length.name().toLowerCase(java.util.Locale.ROOT))
                + (wrongMask ? ", wrongly masked" : "");
    }

    static String describe(boolean fin, int rsv, int opcode, long length) {
        return Opcodes.name(opcode) + (fin ? "" : ", not final") + (rsv == 0 ? "" : ", " + rsvNames(rsv)) + ", "
                + length + (length == 1 ? " byte" : " bytes");
    }

    private static String rsvNames(int rsv) {
        return (((rsv & 4) != 0 ? "RSV1 " : "") + ((rsv & 2) != 0 ? "RSV2 " : "") + ((rsv & 1) != 0 ? "RSV3" : ""))
                .strip();
    }
}
