package dev.tenon.ws.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes percent-encoded UTF-8 (RFC 3986 §2.1). */
final class PercentDecoder {
    private PercentDecoder() {}

    /** The decoded text, or null if an escape is malformed, or the octets are not UTF-8. */
    static @Nullable String decode(String text) {
        return text.indexOf('%') < 0 ? text : decode(text, false, false);
    }

    /** Decodes a name or value of a query, where a plus sign is a space, and a malformed escape stays as it is. */
    static String decodeForm(String text) {
        String decoded = decode(text, true, true);
        return decoded == null ? text : decoded;
    }

    private static @Nullable String decode(String text, boolean plusIsSpace, boolean lenient) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer octets = ByteBuffer.allocate(ascii.length);
        for (int i = 0; i < ascii.length; i++) {
            byte b = ascii[i];
            if (b != '%') {
                octets.put(b == '+' && plusIsSpace ? (byte) ' ' : b);
                continue;
            }
            int octet = i + 2 < ascii.length ? (hex(ascii[i + 1]) << 4) | hex(ascii[i + 2]) : -1;
            if (octet >= 0) {
                octets.put((byte) octet);
                i += 2;
            } else if (lenient) {
                octets.put(b);
            } else {
                return null;
            }
        }
        octets.flip();
        if (lenient) {
            return StandardCharsets.UTF_8.decode(octets).toString();
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** The value of a hexadecimal digit, or a negative number for any other character. */
    private static int hex(byte digit) {
        return digit < 0 ? -1 : Character.digit((char) digit, 16);
    }
}
