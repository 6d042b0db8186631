package dev.tenon.ws.suite;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Byte sequences for cases and reports. */
final class Octets {
    private static final int SHOWN = 48;

    private Octets() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    /** Splits bytes into pieces of at most {@code size}; one empty piece if there are none. */
    static List<byte[]> cut(byte[] bytes, int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            pieces.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        return pieces.isEmpty() ? List.of(bytes) : pieces;
    }

    /** Shows bytes in hex; a long array is shortened. */
    static String dump(byte[] bytes) {
        return dump(bytes, SHOWN);
    }

    static String dump(byte[] bytes, int most) {
        HexFormat spaced = HexFormat.ofDelimiter(" ");
        return bytes.length <= most
                ? spaced.formatHex(bytes)
                : spaced.formatHex(bytes, 0, most) + " … (" + bytes.length + " bytes)";
    }

    /** The text, or null if it is not UTF-8. */
    static @Nullable String decode(byte[] bytes) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
