package dev.tenon.ws.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Computes {@code Sec-WebSocket-Key} and {@code Sec-WebSocket-Accept} (RFC 6455 §4.1, §4.2.2). */
final class HandshakeKey {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BYTES = 16;
    /** The length of 16 bytes in base64: 22 digits and two equals signs. */
    private static final int LENGTH = 24;

    private HandshakeKey() {}

    static String next(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** The unused bits of the last digit may have any value: they are set in the example of RFC 6455 §4.1. */
    static boolean isValid(String key) {
        if (key.length() != LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < LENGTH - 2; i++) {
            char c = key.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !HttpSyntax.isDigit(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
