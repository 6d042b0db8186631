package dev.tenon.ws.suite;

import java.util.Arrays;

/**
 * Finds the longest back reference in DEFLATE data (RFC 1951 §3.2), which zlib does not report, to check whether a peer
 * respects its window. It does not inflate; zlib detects invalid data.
 */
final class DistanceProbe {
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] CODE_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final byte[] bytes;
    private int at;
    private int farthest;

    private DistanceProbe(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The longest distance, in bytes, in the readable part of the data. */
    static int farthest(byte[] deflated) {
        DistanceProbe probe = new DistanceProbe(deflated);
        try {
            probe.blocks();
        } catch (ArrayIndexOutOfBoundsException e) {
            return probe.farthest; // the data ends inside a block, or is invalid
        }
        return probe.farthest;
    }

    private void blocks() {
        while (at + 3 <= bytes.length * 8) {
            bits(1); // skips BFINAL, because another block may follow it
            switch (bits(2)) {
                case 0 -> stored();
                case 1 -> compressed(Huffman.FIXED_LITERALS, Huffman.FIXED_DISTANCES);
                case 2 -> dynamic();
                default -> throw new ArrayIndexOutOfBoundsException("no such block");
            }
        }
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, at++) {
            value |= (bytes[at >> 3] >> (at & 7) & 1) << i;
        }
        return value;
    }

    private void stored() {
        at = (at + 7) & ~7;
        int length = bits(16);
        bits(16);
        at += 8 * length;
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int codes = bits(4) + 4;
        int[] lengths = new int[19];
        for (int i = 0; i < codes; i++) {
            lengths[CODE_ORDER[i]] = bits(3);
        }
        int[] all = codeLengths(new Huffman(lengths), literals + distances);
        compressed(
                new Huffman(Arrays.copyOf(all, literals)), new Huffman(Arrays.copyOfRange(all, literals, all.length)));
    }

    private int[] codeLengths(Huffman code, int count) {
        int[] lengths = new int[count];
        for (int i = 0; i < count; ) {
            int symbol = symbol(code);
            int value = symbol < 16 ? symbol : symbol == 16 ? lengths[i - 1] : 0;
            int times = switch (symbol) {
                case 16 -> 3 + bits(2);
                case 17 -> 3 + bits(3);
                case 18 -> 11 + bits(7);
                default -> 1;
            };
            while (times-- > 0) {
                lengths[i++] = value;
            }
        }
        return lengths;
    }

    private void compressed(Huffman literals, Huffman distances) {
        for (int symbol = symbol(literals); symbol != 256; symbol = symbol(literals)) {
            if (symbol > 256) {
                bits(LENGTH_EXTRA[symbol - 257]);
                int code = symbol(distances);
                int extra = Math.max(0, code / 2 - 1);
                int base = code < 4 ? code + 1 : ((2 + (code & 1)) << extra) + 1;
                farthest = Math.max(farthest, base + bits(extra));
            }
        }
    }

    private int symbol(Huffman code) {
        int value = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length < 16; length++) {
            value |= bits(1);
            int count = code.counts[length];
            if (value - first < count) {
                return code.symbols[index + value - first];
            }
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        throw new ArrayIndexOutOfBoundsException("no such code");
    }

    /** A canonical code: how many symbols each length has, and the symbols in the order of their codes. */
    private static final class Huffman {
        static final Huffman FIXED_LITERALS = new Huffman(fixedLiterals());
        static final Huffman FIXED_DISTANCES = new Huffman(filled(30));

        private final int[] counts = new int[16];
        private final int[] symbols;

        Huffman(int[] lengths) {
            symbols = new int[lengths.length];
            for (int length : lengths) {
                counts[length]++;
            }
            counts[0] = 0;
            int next = 0;
            for (int length = 1; length < 16; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        symbols[next++] = symbol;
                    }
                }
            }
        }

        private static int[] fixedLiterals() {
            int[] lengths = new int[288];
            Arrays.fill(lengths, 0, 144, 8);
            Arrays.fill(lengths, 144, 256, 9);
            Arrays.fill(lengths, 256, 280, 7);
            Arrays.fill(lengths, 280, 288, 8);
            return lengths;
        }

        private static int[] filled(int symbols) {
            int[] lengths = new int[symbols];
            Arrays.fill(lengths, 5);
            return lengths;
        }
    }
}
