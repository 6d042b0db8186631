package dev.tenon.ws.deflate;

import java.util.Arrays;
import java.util.Random;

/** Payloads that compress well, badly, and with matches at every distance. */
final class Payloads {
    private static final String[] WORDS = {
        "alice", "bob", "price", "quantity", "\"id\":", "true", "false", "{", "}", ",", "tags", "0", "1", "17", "9999"
    };

    private Payloads() {}

    /** Words in any order, like JSON. */
    static byte[] text(int length, Random random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    static byte[] noise(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /**
     * Returns random bytes that repeat after {@code period} bytes, so that a compressor with such a window refers to
     * them.
     */
    static byte[] echo(int length, int period, Random random) {
        byte[] bytes = noise(length, random);
        for (int i = period; i < length; i++) {
            bytes[i] = bytes[i - period];
        }
        return bytes;
    }

    static byte[] any(int maxLength, Random random) {
        int length = random.nextInt(maxLength + 1);
        return switch (random.nextInt(5)) {
            case 0 -> noise(length, random);
            case 1 -> echo(length, 1 + random.nextInt(40_000), random);
            case 2 -> {
                byte[] same = new byte[length];
                Arrays.fill(same, (byte) random.nextInt());
                yield same;
            }
            default -> text(length, random);
        };
    }
}
