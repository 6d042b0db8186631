package dev.tenon.ws.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Numbers and texts in the heads of HTTP/2 and HTTP/3 (RFC 7541 §5, RFC 9204 §4.1). Both begin in the low bits of a
 * byte, the prefix, whose other bits belong to the caller.
 */
final class FieldText {
    private FieldText() {}

    /**
     * Writes a text that is not in Huffman code.
     *
     * @param bits the bits above the prefix and the bit that is set for Huffman code
     * @param prefix how many bits the prefix of the length has
     */
    static void write(ByteArrayOutputStream block, int bits, int prefix, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        writeNumber(block, bits, prefix, bytes.length);
        block.writeBytes(bytes);
    }

    private static void writeNumber(ByteArrayOutputStream block, int bits, int prefix, int number) {
        int full = (1 << prefix) - 1;
        if (number < full) {
            block.write(bits | number);
            return;
        }
        block.write(bits | full);
        int rest = number - full;
        for (; rest >= 128; rest >>= 7) {
            block.write((rest & 127) | 128);
        }
        block.write(rest);
    }

    /** Reads a number whose first byte is the next one. */
    static int readNumber(ByteBuffer in, int prefix) throws IOException {
        int full = (1 << prefix) - 1;
        int number = readByte(in) & full;
        if (number < full) {
            return number;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            int next = readByte(in);
            number += (next & 127) << shift;
            if (next < 128) {
                return number;
            }
        }
        throw new IOException("the head of a response has a number that is too large (RFC 7541 §5.1)");
    }

    /** Reads a text; the bit above the prefix of its length is set for Huffman code. */
    static String read(ByteBuffer in, int prefix) throws IOException {
        if (!in.hasRemaining()) {
            throw cut();
        }
        boolean huffman = ((in.get(in.position()) >> prefix) & 1) == 1;
        int length = readNumber(in, prefix);
        if (length > in.remaining()) {
            throw cut();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return huffman ? Huffman.decode(bytes) : new String(bytes, ISO_8859_1);
    }

    private static int readByte(ByteBuffer in) throws IOException {
        if (!in.hasRemaining()) {
            throw cut();
        }
        return in.get() & 255;
    }

    private static IOException cut() {
        return new IOException("the head of a response ends within a field (RFC 7541 §5)");
    }
}
