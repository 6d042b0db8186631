package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Converts bytes from and to a readable form. */
final class Bytes {
    private Bytes() {}

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(hex(hex));
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /**
     * Formats a payload for logs: text unchanged, bytes in hex, long ones by their length; with a space before unless
     * empty.
     */
    static String show(boolean text, byte[] bytes) {
        if (bytes.length == 0) {
            return "";
        }
        if (bytes.length > 130) {
            return " <" + bytes.length + " bytes>";
        }
        return " " + (text ? new String(bytes, UTF_8) : HexFormat.of().formatHex(bytes));
    }
}
