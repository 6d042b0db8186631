package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Decodes frames and records their pieces, for the tests of {@link FrameDecoder}. */
abstract class DecodedPieces {
    static final String HELLO = "48656c6c6f";
    static final FrameHandler NOTHING = (firstByte, payload, end) -> {};

    /** Every piece as a line: first byte, payload in hex, and a full stop at the end of its frame. */
    final List<String> pieces = new ArrayList<>();

    final FrameHandler lines =
            (firstByte, payload, end) -> pieces.add(firstByte + " " + Hex.of(payload) + (end ? "." : ""));

    static FrameDecoder decoder(Role receiver) {
        return new FrameDecoder(FrameRules.receivedBy(receiver));
    }

    void decodeAll(FrameDecoder decoder, ByteBuffer input) {
        while (decoder.decode(input, lines)) {
            assertTrue(pieces.size() < 1000, "the decoder goes on without end");
        }
    }

    List<String> decode(Role receiver, String hex) {
        decodeAll(decoder(receiver), Hex.buffer(hex));
        return pieces;
    }
}
