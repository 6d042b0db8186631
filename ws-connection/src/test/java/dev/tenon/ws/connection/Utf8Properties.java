package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** The laws of UTF-8, compared with the JDK's decoder. */
class Utf8Properties {

    @Property
    void anyTextIsEncodedAsTheJdkDoesOrRefusedForALoneSurrogate(@ForAll("texts") String text) {
        if (UTF_8.newEncoder().canEncode(text)) {
            assertArrayEquals(Bytes.utf8(text), Bytes.of(Utf8.encode(text)));
        } else {
            assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
        }
    }

    @Property(tries = 5000)
    void theResultAndThePlaceOfAFailureAreTheSameInAnySplit(
            @ForAll("nearlyUtf8") byte[] bytes, @ForAll List<@IntRange(max = 35) Integer> cuts) {
        Utf8Validator validator = new Utf8Validator();
        int at = 0;
        for (int step : cuts) {
            int end = Math.min(at + step, bytes.length);
            if (!accepts(validator, ByteBuffer.wrap(bytes, at, end - at))) {
                assertEquals(JdkUtf8.MALFORMED, JdkUtf8.check(bytes, end));
                return;
            }
            assertEquals(true, JdkUtf8.check(bytes, end) != JdkUtf8.MALFORMED, "good up to here");
            at = end;
        }
        JdkUtf8 judged = JdkUtf8.check(bytes, bytes.length);
        assertEquals(judged != JdkUtf8.MALFORMED, accepts(validator, ByteBuffer.wrap(bytes, at, bytes.length - at)));
        if (judged != JdkUtf8.MALFORMED) {
            assertEquals(judged == JdkUtf8.WHOLE, validator.finish());
        }
    }

    @Property
    void aTextThatCameWholeIsDecodedOrRefusedAsTheJdkDoes(@ForAll("nearlyUtf8") byte[] bytes, @ForAll boolean direct) {
        ThreadContext threadContext = new ThreadContext(() -> 0);
        ByteBuffer buffer = (direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length))
                .put(bytes)
                .flip();
        if (JdkUtf8.check(bytes, bytes.length) == JdkUtf8.WHOLE) {
            assertEquals(new String(bytes, UTF_8), threadContext.decodeUtf8(buffer));
        } else {
            assertThrows(ProtocolException.class, () -> threadContext.decodeUtf8(buffer));
        }
    }

    private static boolean accepts(Utf8Validator validator, ByteBuffer bytes) {
        try {
            validator.accept(bytes);
            return true;
        } catch (ProtocolException malformed) {
            assertEquals(1007, malformed.closeCode().value());
            return false;
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.strings().ascii().ofMaxLength(20)),
                Tuple.of(3, Arbitraries.of("?", "é", "€", "😀", "\uFFFD", "\u0000", "\uD7FF", "\uE000")),
                Tuple.of(1, Arbitraries.of("\uD800", "\uDFFF", "\uDC00\uD83D")));
        return piece.list().ofMaxSize(6).map(pieces -> String.join("", pieces));
    }

    /** Well-formed text, in which some bytes may have been changed or cut off. */
    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<byte[]> good = Arbitraries.of(
                        0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF)
                .list()
                .ofMaxSize(30)
                .map(points -> Bytes.utf8(points.stream()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()));
        Arbitrary<Byte> awkward = Arbitraries.of(
                        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                        0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF)
                .map(Integer::byteValue);
        return Combinators.combine(
                        good,
                        Arbitraries.integers().between(-30, 80),
                        awkward,
                        Arbitraries.integers().between(0, 3))
                .as((bytes, index, value, cut) -> {
                    byte[] changed = Arrays.copyOf(bytes, Math.max(0, bytes.length - cut));
                    if (index >= 0 && index < changed.length) {
                        changed[index] = value;
                    }
                    return changed;
                });
    }
}
