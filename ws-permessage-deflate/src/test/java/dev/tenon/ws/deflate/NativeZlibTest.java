package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.deflate.NegotiatedDeflate.Direction;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges messages with the zlib of Python, whose window is exactly the negotiated one. */
class NativeZlibTest {
    private static Optional<PythonZlib> python = Optional.empty();

    private final Random random = new Random(4);

    @BeforeAll
    static void start() {
        python = PythonZlib.start();
        assumeTrue(python.isPresent(), "python3 with zlib is not on this machine: no interop with native windows");
    }

    @AfterAll
    static void stop() {
        python.ifPresent(PythonZlib::close);
    }

    static List<Arguments> directions() {
        List<Arguments> all = new ArrayList<>();
        for (Role role : Role.values()) {
            for (MemoryMode memory : MemoryMode.values()) {
                for (boolean takeover : new boolean[] {false, true}) {
                    for (int bits = 8; bits <= 15; bits++) {
                        all.add(Arguments.of(role, memory, takeover, bits));
                    }
                }
            }
        }
        return all;
    }

    private List<byte[]> messages(int bits) {
        int window = 1 << bits;
        return List.of(
                Payloads.text(100, random),
                Payloads.text(window / 2, random),
                Payloads.text(2 * window + 17, random),
                Payloads.echo(3 * window, window / 2, random),
                Payloads.echo(3 * window, window, random),
                Payloads.echo(3 * window, window + 1, random),
                Payloads.text(100_000, random),
                Payloads.text(90, random));
    }

    @ParameterizedTest(name = "{0} {1} takeover {2} window 2^{3}")
    @MethodSource("directions")
    void pythonInflatesDeflatedMessages(Role role, MemoryMode memory, boolean takeover, int bits) throws IOException {
        PythonZlib zlib = python.orElseThrow();
        zlib.window(bits, takeover);
        DeflateOptions receiver =
                DeflateOptions.defaults().withTakeover(true, takeover).withWindowBits(15, bits);
        DeflateOptions sender = DeflateOptions.defaults()
                .withTakeover(takeover, true)
                .withWindowBits(bits, 15)
                .withMemory(memory)
                .withOutboundContext(1 << 15);
        boolean server = role == Role.SERVER;
        try (Endpoint.Pair pair = Endpoint.connect(server ? receiver : sender, server ? sender : receiver)) {
            Endpoint endpoint = pair.sender(role);
            assertEquals(
                    new Direction(takeover, bits), ((NegotiatedDeflate) endpoint.negotiated).outbound(), "agreed on");
            for (byte[] message : messages(bits)) {
                endpoint.send(message, 1, random);
                ByteArrayOutputStream payload = new ByteArrayOutputStream();
                endpoint.sent.pieces.forEach(piece -> payload.writeBytes(piece.payload()));
                boolean compressed = endpoint.sent.pieces.get(0).firstByte().rsv1();
                endpoint.sent.clear();
                assertArrayEquals(message, compressed ? zlib.inflate(payload.toByteArray()) : payload.toByteArray());
            }
        }
    }

    @ParameterizedTest(name = "{0} {1} takeover {2} window 2^{3}")
    @MethodSource("directions")
    void messagesDeflatedByPythonAreInflated(Role role, MemoryMode memory, boolean takeover, int bits)
            throws IOException {
        PythonZlib zlib = python.orElseThrow();
        assumeTrue(bits > 8, "zlib itself cannot deflate with a window of 2^8");
        zlib.window(bits, takeover);
        DeflateOptions receiver = DeflateOptions.defaults()
                .withTakeover(true, takeover)
                .withWindowBits(15, bits)
                .withMemory(memory);
        DeflateOptions sender =
                DeflateOptions.defaults().withTakeover(takeover, true).withWindowBits(bits, 15);
        boolean server = role == Role.SERVER;
        try (Endpoint.Pair pair = Endpoint.connect(server ? sender : receiver, server ? receiver : sender)) {
            Endpoint endpoint = pair.sender(role);
            for (byte[] message : messages(bits)) {
                FirstByte firstByte = FirstByte.of(true, Opcode.BINARY).withRsv(FirstByte.RSV1);
                endpoint.inbound.onFrame(firstByte, ByteBuffer.wrap(zlib.deflate(message)), true);
                assertArrayEquals(message, endpoint.received.messages.get(0).payload());
                endpoint.received.clear();
            }
        }
    }
}
