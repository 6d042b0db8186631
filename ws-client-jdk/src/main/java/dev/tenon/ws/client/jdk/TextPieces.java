package dev.tenon.ws.client.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;

/** Makes text of pieces of UTF-8 that end anywhere; they are well-formed, the connection has seen to that. */
final class TextPieces {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final CharsetDecoder decoder = UTF_8.newDecoder();
    /** The beginning of a code point that the last piece has ended in. */
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
