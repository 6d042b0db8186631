package dev.tenon.ws.handshake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encodes and decodes the characters of URIs (RFC 3986 §2.1, RFC 3987 §3.1). */
final class UriText {
    private static final String HEX = "0123456789ABCDEF";

    private UriText() {}

    /** Whether RFC 3986 forbids a character in a URI; brackets are allowed, because all clients send them. */
    static boolean isForbidden(int c) {
        return c <= ' ' || c >= 0x7F || "\"<>\\^`{|}".indexOf(c) >= 0;
    }

    /** Whether there are two hexadecimal digits at an index. */
    static boolean isHexPair(String text, int at) {
        return at + 1 < text.length() && hex(text.charAt(at)) >= 0 && hex(text.charAt(at + 1)) >= 0;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * Percent-encodes all characters that a URI must not have, in UTF-8. As in browsers, a percent sign always stays,
     * and a lone surrogate becomes U+FFFD.
     */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (!isForbidden(c)) {
                encoded.append((char) c);
                return;
            }
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            for (byte b : Character.toString(half ? 0xFFFD : c).getBytes(StandardCharsets.UTF_8)) {
                encodeOctet(b, encoded);
            }
        });
        return encoded.toString();
    }

    /** Percent-encodes the octets beyond ASCII of a header's value; each character is one octet. */
    static String encodeOctets(String value) {
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80 && c <= 0xFF) {
                encodeOctet((byte) c, encoded);
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    private static void encodeOctet(int octet, StringBuilder to) {
        to.append('%').append(HEX.charAt((octet >> 4) & 0xF)).append(HEX.charAt(octet & 0xF));
    }

    /**
     * Decodes all percent-encoded octets. A percent sign without two hexadecimal digits stays.
     *
     * @throws IllegalArgumentException if they are not UTF-8
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); ) {
            if (text.charAt(at) == '%' && isHexPair(text, at + 1)) {
                octets.write((hex(text.charAt(at + 1)) << 4) | hex(text.charAt(at + 2)));
                at += 3;
            } else {
                int c = text.codePointAt(at);
                octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("its host is not UTF-8", e);
        }
    }
}
