package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes in readable form: {@code 81 05 48656c6c6f}. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(bytes(hex));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the bytes from position to limit; does not move the position. */
    static String of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return of(bytes);
    }
}
