package dev.tenon.ws.deflate;

import java.util.Arrays;

/**
 * An inflater written for these tests after RFC 1951, which records the longest distance in the data. It reads the
 * payloads of whole messages one after the other; its window is all earlier output.
 */
final class Distances {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private int longest;

    private byte[] in = {};
    private int bit;
    /** All earlier output, and that of the current message. */
    private byte[] out = new byte[1024];

    private int start;
    private int length;

    int longest() {
        return longest;
    }

    /** Inflates the payload of a message that refers to no earlier one. */
    byte[] messageOnItsOwn(byte[] payload) {
        length = 0;
        return message(payload);
    }

    /** Inflates the payload of a message. */
    byte[] message(byte[] payload) {
        in = Arrays.copyOf(payload, payload.length + 4);
        in[payload.length + 2] = -1;
        in[payload.length + 3] = -1;
        bit = 0;
        start = length;
        while (bit < in.length * 8) {
            int last = bits(1);
            switch (bits(2)) {
                case 0 -> stored();
                case 1 -> compressed(fixedLengths(), fixedDistances());
                case 2 -> dynamic();
                default -> throw new AssertionError("a block of type 3");
            }
            if (last == 1) {
                bit = (bit + 7) & ~7;
            }
        }
        return Arrays.copyOfRange(out, start, length);
    }

    private void write(int value) {
        if (length == out.length) {
            out = Arrays.copyOf(out, length * 2);
        }
        out[length++] = (byte) value;
    }

    private int bits(int n) {
        int value = 0;
        for (int i = 0; i < n; i++, bit++) {
            value |= ((in[bit >> 3] >> (bit & 7)) & 1) << i;
        }
        return value;
    }

    private void stored() {
        bit = (bit + 7) & ~7;
        int count = bits(16);
        if (bits(16) != (count ^ 0xFFFF)) {
            throw new AssertionError("a stored block of two lengths");
        }
        for (int i = 0; i < count; i++) {
            write(bits(8));
        }
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int codes = bits(4) + 4;
        int[] codeLengths = new int[19];
        for (int i = 0; i < codes; i++) {
            codeLengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        int[] lengths = new int[literals + distances];
        for (int i = 0; i < lengths.length; ) {
            int symbol = symbol(codeLengths);
            int repeat = switch (symbol) {
                case 16 -> 3 + bits(2);
                case 17 -> 3 + bits(3);
                case 18 -> 11 + bits(7);
                default -> 1;
            };
            int value = symbol == 16 ? lengths[i - 1] : symbol > 16 ? 0 : symbol;
            Arrays.fill(lengths, i, i + repeat, value);
            i += repeat;
        }
        compressed(Arrays.copyOf(lengths, literals), Arrays.copyOfRange(lengths, literals, lengths.length));
    }

    private void compressed(int[] literals, int[] distances) {
        for (int symbol = symbol(literals); symbol != 256; symbol = symbol(literals)) {
            if (symbol < 256) {
                write(symbol);
                continue;
            }
            int count = LENGTH_BASE[symbol - 257] + (symbol == 285 || symbol < 265 ? 0 : bits((symbol - 261) / 4));
            int d = symbol(distances);
            int distance = DISTANCE_BASE[d] + (d < 4 ? 0 : bits(d / 2 - 1));
            longest = Math.max(longest, distance);
            copy(count, distance);
        }
    }

    private void copy(int count, int distance) {
        for (int i = 0; i < count; i++) {
            write(out[length - distance]);
        }
    }

    /** Reads one symbol of the canonical code with these lengths: RFC 1951 §3.2.2, bit by bit. */
    private int symbol(int[] lengths) {
        int code = 0;
        int first = 0;
        int[] counts = new int[16];
        for (int n : lengths) {
            counts[n]++;
        }
        counts[0] = 0;
        for (int n = 1; n <= 15; n++) {
            code = code << 1 | bits(1);
            first = (first + counts[n - 1]) << 1;
            if (code - first < counts[n]) {
                int rank = code - first;
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == n && rank-- == 0) {
                        return symbol;
                    }
                }
            }
        }
        throw new AssertionError("not a code");
    }

    private static int[] fixedLengths() {
        int[] lengths = new int[288];
        Arrays.fill(lengths, 0, 144, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        Arrays.fill(lengths, 280, 288, 8);
        return lengths;
    }

    private static int[] fixedDistances() {
        int[] lengths = new int[30];
        Arrays.fill(lengths, 5);
        return lengths;
    }
}
