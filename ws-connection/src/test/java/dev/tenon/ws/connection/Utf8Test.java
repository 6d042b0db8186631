package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strict UTF-8 (RFC 6455 §5.6, §8.1; RFC 3629), with the place at which it fails. */
class Utf8Test {

    /** The bytes before the bar are valid, the byte after it is the first invalid one. */
    private static final String MALFORMED = """
        | 80
        | bf
        | c0
        | c1
        | f5
        | ff
        c2 | 41
        c2 | c2
        e0 | 9f
        e0 a0 | 41
        e1 80 | c0
        ed | a0
        ed | bf
        ef bf | 7f
        f0 | 8f
        f0 90 80 | 00
        f1 80 | c1
        f4 | 90
        f4 8f bf | ff
        41 c3 a9 | 80
        ce ba e1 bd b9 cf 83 ce bc ce b5 ed | a0
        ce ba e1 bd b9 cf 83 ce bc ce b5 f4 | 90
        """;

    private static final String[] WELL_FORMED = {
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ecbfbf",
        "ed8080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "efbfbd",
        "f0908080",
        "f3bfbfbf",
        "f1808080",
        "f48fbfbf",
        "41c3a9e282acf09f988041",
        "cebae1bdb9cf83cebcceb5"
    };

    @ParameterizedTest
    @EnumSource
    void wellFormedTextIsAcceptedInAnySplit(Role role) {
        for (String hex : WELL_FORMED) {
            byte[] text = Bytes.hex(hex);
            for (int cut = 0; cut <= text.length; cut++) {
                Rig rig = Rig.open(role);
                rig.receive(
                        rig.frame(false, Opcode.TEXT, Arrays.copyOf(text, cut)),
                        rig.frame(true, Opcode.CONTINUATION, Arrays.copyOfRange(text, cut, text.length)));
                rig.receive(rig.frame(true, Opcode.TEXT, text));
                rig.receiveByteByByte(rig.frame(true, Opcode.TEXT, text));
                String message = "text " + new String(text, UTF_8);
                rig.assertEvents(message, message, message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedTextIsRefusedWholeOrSplit(Role role) {
        for (String line : MALFORMED.lines().toList()) {
            byte[] text = Bytes.hex(line.replace("|", "") + " 41 41 41 41 41");
            for (int cut = 0; cut <= text.length; cut++) {
                Rig rig = Rig.open(role);
                rig.receive(
                        rig.frame(false, Opcode.TEXT, Arrays.copyOf(text, cut)),
                        rig.frame(true, Opcode.CONTINUATION, Arrays.copyOfRange(text, cut, text.length)));
                rig.assertEvents();
                rig.failsWith(1007);
            }
            Rig whole = Rig.open(role);
            whole.receive(whole.frame(true, Opcode.TEXT, text));
            whole.assertEvents();
            whole.failsWith(1007);
        }
    }

    @ParameterizedTest
    @EnumSource
    void asciiInsideACodePointIsRefusedAlsoWhereThePieceEnds(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(
                rig.frame(false, Opcode.TEXT, Bytes.hex("e0a041")),
                rig.frame(true, Opcode.CONTINUATION, Bytes.hex("80")));
        rig.failsWith(1007);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstImpossibleByteFailsTheConnectionEvenInsideAFrame(Role role) {
        for (boolean streams : new boolean[] {false, true}) {
            for (String line : MALFORMED.lines().toList()) {
                int good = Bytes.hex(line.substring(0, line.indexOf('|'))).length;
                byte[] text = Bytes.hex(line.replace("|", "") + " 41 41 41");
                Rig rig = Rig.of(role)
                        .listener(streams ? new RecordingListener.Streaming() : new RecordingListener())
                        .open();
                byte[] frame = rig.frame(true, Opcode.TEXT, text);
                int payload = frame.length - text.length;
                rig.receiveByteByByte(Arrays.copyOf(frame, payload + good));
                rig.assertSent();
                rig.receive(Arrays.copyOfRange(frame, payload + good, payload + good + 1));
                assertEquals(
                        2, rig.wire.takeWritten().size(), () -> line + ": a Close frame and the end of the output");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "e282", "f09f98", "41c3", "f0"})
    void aMessageMustNotEndInsideACodePoint(String hex) {
        for (Role role : Role.values()) {
            for (boolean streams : new boolean[] {false, true}) {
                for (int bytesAtOnce : new int[] {1, 100}) {
                    Rig rig = Rig.of(role)
                            .listener(streams ? new RecordingListener.Streaming() : new RecordingListener())
                            .open();
                    byte[] frame = rig.frame(true, Opcode.TEXT, Bytes.hex(hex));
                    if (bytesAtOnce == 1) {
                        rig.receiveByteByByte(frame);
                    } else {
                        rig.receive(frame);
                    }
                    rig.failsWith(1007);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodePointCutByAMessageDoesNotReachIntoTheNext(Role role) {
        Rig rig = Rig.open(role);
        rig.receiveByteByByte(rig.text("é"));
        rig.receive(rig.frame(true, Opcode.BINARY, Bytes.hex("c3")), rig.text("a"));
        rig.assertEvents("text é", "binary c3", "text a");
    }

    @ParameterizedTest
    @EnumSource
    void replacementCharactersMayBeSent(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.text("a\uFFFDb"));
        rig.assertEvents("text a\uFFFDb");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "7, 9", "8, 8", "15, 40"})
    void asciiOfAnyLengthMayPrecedeTheRest(int before, int behind) {
        byte[] good = Bytes.utf8("a".repeat(before) + "é😀" + "b".repeat(behind));
        byte[] bad = good.clone();
        bad[before] = (byte) 0xC0;
        for (int offset = 0; offset < 9; offset++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(offset + good.length);
            Utf8Validator.requireWhole(buffer.put(offset, good).position(offset));
            ByteBuffer broken = buffer.put(offset, bad);
            assertThrows(ProtocolException.class, () -> Utf8Validator.requireWhole(broken));
            assertEquals(offset, broken.position());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "8080", "bf8041"})
    void everyPairOfBytesHasTheResultOfTheJdkAtEveryPlace(String rest) {
        for (int pair = 0; pair <= 0xFFFF; pair++) {
            int before = pair % 37;
            byte[] text = Bytes.concat(
                    "a".repeat(before).getBytes(UTF_8),
                    new byte[] {(byte) (pair >> 8), (byte) pair},
                    Bytes.hex(rest),
                    "a".repeat(pair % 31).getBytes(UTF_8));
            boolean good = JdkUtf8.check(text, text.length) == JdkUtf8.WHOLE;
            ByteBuffer bytes = ByteBuffer.wrap(text);
            if (good) {
                Utf8Validator.requireWhole(bytes);
            } else {
                assertThrows(
                        ProtocolException.class,
                        () -> Utf8Validator.requireWhole(bytes),
                        () -> HexFormat.of().formatHex(text));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 300_000})
    void textIsDecodedFromAnyBuffer(int length) {
        String text = "é".repeat(length);
        byte[] bytes = Bytes.utf8(text);
        ThreadContext threadContext = new ThreadContext(() -> 0);
        for (int i = 0; i < 2; i++) {
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3)
                    .put(1, bytes)
                    .position(1)
                    .limit(bytes.length + 1);
            assertEquals(text, threadContext.decodeUtf8(direct));
            assertEquals(text, threadContext.decodeUtf8(direct.asReadOnlyBuffer()));
            assertEquals(1, direct.position());
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedTextIsReported(Role role) {
        Rig rig = Rig.open(role);
        rig.receive(rig.frame(true, Opcode.TEXT, Bytes.hex("ff")));
        rig.ends();
        assertEquals(CloseCode.INVALID_PAYLOAD_DATA, rig.listener.closed().code());
        assertTrue(rig.listener.closed().cause() instanceof ProtocolException);
        assertDoesNotThrow(() -> rig.receive(new byte[1]));
    }

    @Test
    void everyCodePointIsDecoded() {
        ThreadContext threadContext = new ThreadContext(() -> 0);
        for (int from = 0x80; from < Character.MIN_SURROGATE; from += 0x800) {
            requireDecoded(threadContext, from, Math.min(from + 0x800, Character.MIN_SURROGATE));
        }
        for (int from = Character.MAX_SURROGATE + 1; from <= Character.MAX_CODE_POINT; from += 0x1000) {
            requireDecoded(threadContext, from, Math.min(from + 0x1000, Character.MAX_CODE_POINT + 1));
        }
    }

    private static void requireDecoded(ThreadContext threadContext, int from, int to) {
        String text = IntStream.range(from, to)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertEquals(text, threadContext.decodeUtf8(ByteBuffer.wrap(Bytes.utf8(text))));
    }
}
