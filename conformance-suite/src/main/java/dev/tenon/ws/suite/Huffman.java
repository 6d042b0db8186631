package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.Arrays;

/**
 * The Huffman code of HPACK (RFC 7541 Appendix B). It is canonical: the codes of one length follow each other in the
 * order of their symbols, and the codes of the next length come after them, so that the lengths alone define the code.
 */
final class Huffman {
    private static final int END_OF_STRING = 256;
    private static final int LONGEST = 30;

    /** How many bits the code of each byte has, and that of the end. */
    private static final int[] LENGTHS =
            Arrays.stream("""
            13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
             6 10 10 12 13  6  8 11 10 10  8 11  8  6  6  6  5  5  5  6  6  6  6  6  6  6  7  8 15  6 12 10
            13  6  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  7  8  7  8 13 19 13 14  6
            15  5  6  5  6  5  6  6  6  5  7  7  6  6  6  5  6  7  6  5  5  6  7  7  7  7  7 15 11 14 13 28
            20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
            22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
            26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
            20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
            30""".strip().split("\\s+")).mapToInt(Integer::parseInt).toArray();

    /** The symbols in the order of their codes. */
    private static final int[] SYMBOLS = new int[LENGTHS.length];

    private static final int[] FIRST_CODE = new int[LONGEST + 1];
    private static final int[] FIRST_INDEX = new int[LONGEST + 2];

    static {
        int index = 0;
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST_CODE[length] = code;
            FIRST_INDEX[length] = index;
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] == length) {
                    SYMBOLS[index++] = symbol;
                    code++;
                }
            }
        }
        FIRST_INDEX[LONGEST + 1] = index;
    }

    private Huffman() {}

    /** Decodes a text, one character for each byte; throws if the code has wrong padding (RFC 7541 §5.2). */
    static String decode(byte[] bytes) throws IOException {
        StringBuilder text = new StringBuilder(bytes.length * 2);
        int code = 0;
        int length = 0;
        for (int i = 0; i < bytes.length * 8; i++) {
            code = (code << 1) | ((bytes[i / 8] >> (7 - i % 8)) & 1);
            length++;
            if (length > LONGEST) {
                throw new IOException("a text is not in HPACK's Huffman code (RFC 7541 §5.2)");
            }
            int symbol = symbol(code, length);
            if (symbol >= 0) {
                text.append((char) symbol);
                code = 0;
                length = 0;
            }
        }
        if (length > 7 || code != (1 << length) - 1) {
            throw new IOException("a text in Huffman code is not padded with ones (RFC 7541 §5.2)");
        }
        return text.toString();
    }

    /** The symbol with this code, or -1 if there is none. */
    private static int symbol(int code, int length) throws IOException {
        int index = FIRST_INDEX[length] + code - FIRST_CODE[length];
        if (code < FIRST_CODE[length] || index >= FIRST_INDEX[length + 1]) {
            return -1;
        }
        if (SYMBOLS[index] == END_OF_STRING) {
            throw new IOException("a text has the end of a string within (RFC 7541 §5.2)");
        }
        return SYMBOLS[index];
    }
}
