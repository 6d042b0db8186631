package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http3FrameReaderTest {
    private final List<String> frames = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Http3FrameReader reader = new Http3FrameReader(new Http3FrameReader.Output() {
        @Override
        public void data(byte[] content) {
            data.writeBytes(content);
        }

        @Override
        public void frame(Http3Frame frame) {
            frames.add(frame.describe());
        }
    });

    @Test
    void framesAreReadFromPiecesOfAnyLength() throws IOException {
        byte[] bytes = Octets.join(
                new Http3Frame(Http3Frame.HEADERS, new byte[70]).encode(),
                new Http3Frame(Http3Frame.DATA, Octets.utf8("Hel")).encodeLong(),
                new Http3Frame(Http3Frame.DATA, new byte[0]).encode(),
                new Http3Frame(Http3Frame.UNKNOWN, new byte[] {1}).encode(),
                new Http3Frame(Http3Frame.DATA, Octets.utf8("lo")).encode());
        for (int size : new int[] {1, 2, 7, bytes.length}) {
            for (byte[] piece : Octets.cut(bytes, size)) {
                reader.read(piece);
            }
            assertTrue(reader.isBetweenFrames());
            assertEquals(List.of("HEADERS of 70 bytes", "frame of type 188 of 1 bytes"), frames);
            assertEquals("Hello", data.toString(StandardCharsets.UTF_8));
            frames.clear();
            data.reset();
        }
    }

    @Test
    void aStreamMayNotEndWithinAFrame() throws IOException {
        reader.read(Octets.hex("0003 61"));
        assertFalse(reader.isBetweenFrames());
        reader.read(Octets.hex("6263 01"));
        assertFalse(reader.isBetweenFrames());
    }

    @Test
    void aLongFrameIsRefused() {
        assertThrows(IOException.class, () -> reader.read(Octets.hex("01 9fffffff")));
    }

    /** RFC 9000 Appendix A.1. */
    @ParameterizedTest
    @CsvSource({"c2197c5eff14e88c, 151288809941952652", "9d7f3e7d, 494878333", "7bbd, 15293", "25, 37"})
    void integers(String hex, long number) {
        assertEquals(number, VarInt.read(ByteBuffer.wrap(Octets.hex(hex))));
        assertEquals(hex, HexFormat.of().formatHex(VarInt.encode(number)));
    }

    @Test
    void anIntegerThatIsNotCompleteIsNotRead() {
        ByteBuffer in = ByteBuffer.wrap(Octets.hex("c2197c"));
        assertEquals(-1, VarInt.read(in));
        assertEquals(3, in.remaining());
    }
}
