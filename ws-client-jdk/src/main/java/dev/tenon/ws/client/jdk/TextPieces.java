package dev.tenon.ws.client.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;

/**
 * Decodes pieces of UTF-8 that may end inside a code point. The connection has checked that the text is well-formed.
 */
final class TextPieces {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final CharsetDecoder decoder = UTF_8.newDecoder();
    /** The beginning of an incomplete code point at the end of the last piece. */
    private ByteBuffer begun = NONE;

    /** The text up to the last whole code point. */
    String decode(ByteBuffer piece, boolean last) {
        ByteBuffer bytes = begun.hasRemaining() ? joined(piece) : piece;
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        decoder.decode(bytes, text, last);
        begun = bytes.hasRemaining() ? ListenerAdapter.copy(bytes) : NONE;
        if (last) {
            decoder.reset();
        }
        return text.flip().toString();
    }

    private ByteBuffer joined(ByteBuffer piece) {
        return ByteBuffer.allocate(begun.remaining() + piece.remaining())
                .put(begun)
                .put(piece)
                .flip();
    }
}
