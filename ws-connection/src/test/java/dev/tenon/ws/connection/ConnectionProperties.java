package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
import net.jqwik.api.constraints.Size;

/** A connection does the same as the oracle, for any bytes in any split and any listener. */
class ConnectionProperties {
    private static final ConnectionOptions SMALL =
            ConnectionOptions.DEFAULT.withMaxMessageLength(40).withControlFrames(6, 1);

    @Property(tries = 3000)
    void anyInputInAnySplitIsJudgedAsTheOracleDoes(
            @ForAll Role role,
            @ForAll("units") List<Unit> units,
            @ForAll("damages") List<Damage> damages,
            @ForAll @Size(max = 8) List<@IntRange(max = 30) Integer> cuts,
            @ForAll boolean streams) {
        RecordingListener listener = streams ? new JoiningListener() : new RecordingListener();
        Rig rig = Rig.of(role).options(SMALL).listener(listener).open();
        byte[] input = written(rig, units, damages);
        Oracle oracle = Oracle.decode(role, SMALL, input);

        int from = 0;
        for (int cut : cuts) {
            int to = Math.min(from + cut, input.length);
            rig.receive(Arrays.copyOfRange(input, from, to));
            from = to;
        }
        rig.receive(Arrays.copyOfRange(input, from, input.length));

        assertEquals(oracle.events, rig.listener.takeEvents());
        List<String> sent = new ArrayList<>(rig.wire.takeWritten());
        if (!oracle.failure.isEmpty()) {
            assertEquals("<shutdownOutput>", sent.remove(sent.size() - 1));
            String close = sent.remove(sent.size() - 1);
            int code = Integer.parseInt(close.substring(10, 14), 16);
            assertTrue(oracle.failure.contains(code), () -> close + " is none of " + oracle.failure);
        } else if (oracle.isClosed() && role == Role.SERVER) {
            assertEquals("<finish>", sent.remove(sent.size() - 1));
        }
        assertEquals(oracle.sent, sent);
        rig.ends();
        assertEquals(oracle.isClosed(), rig.listener.closed().wasClean());
    }

    @Property
    void heldMessagesAreTheSameMessagesInTheSameOrder(
            @ForAll Role role, @ForAll("units") List<Unit> units, @ForAll @Size(max = 9) List<Boolean> requests) {
        Rig ready = Rig.of(role).options(SMALL).open();
        Rig unready =
                Rig.of(role).options(SMALL).listener(new RecordingListener(0)).open();
        byte[] input = written(ready, units, List.of());
        ready.receive(input).ends();
        int at = 0;
        for (boolean ask : requests) {
            int next = Math.min(at + 7, input.length);
            unready.receive(Arrays.copyOfRange(input, at, next));
            at = next;
            if (ask) {
                unready.webSocket.request(1);
            }
        }
        unready.receive(Arrays.copyOfRange(input, at, input.length)).ends();
        unready.webSocket.request(Long.MAX_VALUE);
        assertEquals(messages(ready), messages(unready));
        assertEquals(
                ready.wire.takeWritten(), unready.wire.takeWritten(), "pings are answered as if nothing were held");
    }

    private static List<String> messages(Rig rig) {
        return rig.listener.takeEvents().stream()
                .filter(event -> !event.startsWith("p")) // pings and pongs overtake held messages
                .toList();
    }

    // Input

    /** A group of frames that belong together. */
    private record Unit(List<Integer> firstBytes, List<byte[]> payloads) {}

    /** A change of one byte, or the end of the input at it. */
    private record Damage(int where, int what) {}

    private static byte[] written(Rig rig, List<Unit> units, List<Damage> damages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Unit unit : units) {
            for (int i = 0; i < unit.firstBytes.size(); i++) {
                bytes.writeBytes(rig.frame(unit.firstBytes.get(i), unit.payloads.get(i)));
            }
        }
        byte[] input = bytes.toByteArray();
        for (Damage harm : damages) {
            if (harm.what == 0) {
                input = Arrays.copyOf(input, Math.min(harm.where, input.length));
            } else if (harm.where < input.length) {
                input[harm.where] ^= (byte) harm.what;
            }
        }
        return input;
    }

    @Provide
    Arbitrary<List<Unit>> units() {
        Arbitrary<byte[]> payload =
                Arbitraries.strings().withChars("a?é€😀\uFFFD").ofMaxLength(12).map(Bytes::utf8);
        Arbitrary<Unit> message = Combinators.combine(
                        Arbitraries.of(1, 2),
                        payload.list().ofMinSize(1).ofMaxSize(5),
                        Arbitraries.of(false, false, true))
                .as((opcode, payloads, pinged) -> {
                    List<Integer> firstBytes = new ArrayList<>();
                    List<byte[]> all = new ArrayList<>();
                    for (int i = 0; i < payloads.size(); i++) {
                        int fin = i == payloads.size() - 1 ? 0x80 : 0;
                        firstBytes.add(fin | (i == 0 ? opcode : 0));
                        all.add(payloads.get(i));
                        if (pinged && fin == 0) {
                            firstBytes.add(0x89);
                            all.add(new byte[i]);
                        }
                    }
                    return new Unit(firstBytes, all);
                });
        Arbitrary<Unit> control =
                Combinators.combine(Arbitraries.of(0x89, 0x8A), payload).as(ConnectionProperties::single);
        Arbitrary<Unit> close = Arbitraries.of("", "03e8", "03e9c3a9", "0fa0", "03", "03ee", "03e8ff")
                .map(hex -> single(0x88, Bytes.hex(hex)));
        Arbitrary<Unit> any = Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(130))
                .as(ConnectionProperties::single);
        return Arbitraries.frequencyOf(
                        Tuple.of(10, message), Tuple.of(3, control), Tuple.of(1, close), Tuple.of(1, any))
                .list()
                .ofMaxSize(6);
    }

    private static Unit single(int firstByte, byte[] payload) {
        return new Unit(List.of(firstByte), List.of(payload));
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 80), Arbitraries.of(0, 1, 2, 4, 8, 16, 32, 64, 128))
                .as(Damage::new)
                .list()
                .ofMaxSize(2);
    }

    /** Joins pieces to messages, so that both kinds of listeners record the same. */
    private static final class JoiningListener extends RecordingListener implements StreamingListener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            message.writeBytes(Bytes.of(piece));
            if (!last) {
                return;
            }
            byte[] whole = message.toByteArray();
            message.reset();
            if (type == MessageType.TEXT) {
                super.onText(webSocket, new String(whole, UTF_8));
            } else {
                super.onBinary(webSocket, ByteBuffer.wrap(whole));
            }
        }
    }
}
