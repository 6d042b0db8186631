package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typed values, and messages that are no values. */
class CodecTest {
    /** Numbers as text; 13 has no text, and a text that begins with a star is nested too deeply. */
    private static final Codec<Integer> NUMBERS = Codec.text(CodecTest::write, CodecTest::read);

    private final List<String> log = new ArrayList<>();
    private final RecordingWire wire = new RecordingWire(Role.SERVER);
    private final Rig client = Rig.open(Role.SERVER);

    private static String write(int number) throws IOException {
        if (number == 13) {
            throw new IOException("unlucky");
        }
        return number == 14 ? "\uD800" : Integer.toString(number);
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static Integer read(String text) {
        return text.startsWith("*") ? read(text) + 1 : Integer.valueOf(text);
    }

    /** Records its calls, and sends each value plus one. */
    private class Recorder implements TypedListener<Integer> {
        @Override
        public void onOpen(TypedWebSocket<Integer> peer) {
            log.add("open");
        }

        @Override
        public void onMessage(TypedWebSocket<Integer> peer, Integer value) {
            peer.send(value + 1);
        }

        @Override
        public void onWritable(TypedWebSocket<Integer> peer) {
            log.add("writable");
        }

        @Override
        public void onError(TypedWebSocket<Integer> peer, Throwable error) {
            log.add("error " + error.getMessage());
        }

        @Override
        public void onClose(TypedWebSocket<Integer> peer, CloseEvent event) {
            log.add("close " + event.code());
        }
    }

    private Connection open(WebSocketListener listener) {
        Connection connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                new Upgrade("ws://example.test/", "", List.of()),
                wire,
                new ThreadContext(() -> 1),
                listener);
        connection.open();
        return connection;
    }

    private static void receive(Connection connection, byte[]... frames) {
        connection.receive(ByteBuffer.wrap(Bytes.concat(frames)));
    }

    @Test
    void valuesAreReceivedAndSentAndTheEndIsReported() {
        Connection connection = open(NUMBERS.listener(new Recorder()));
        receive(connection, client.text("41"), client.text("-1"));
        assertEquals(List.of("FIN TEXT 42", "FIN TEXT 0"), wire.takeWritten());
        connection.ended(new IOException("reset"));
        assertEquals(List.of("open", "error reset", "close 1006"), log);
    }

    @Test
    void aMessageThatCannotBeDecodedCloses1007() {
        for (String text : List.of("forty", "*")) {
            receive(open(NUMBERS.listener(new Recorder())), client.text(text));
            assertEquals(List.of("FIN CLOSE 03ef"), wire.takeWritten());
        }
    }

    @Test
    void aMessageOfTheWrongTypeCloses1003() {
        receive(open(NUMBERS.listener(new Recorder())), client.binary("00"));
        Codec<byte[]> bytes = Codec.binary(value -> value, value -> value);
        receive(open(bytes.listener((peer, value) -> {})), client.text("x"));
        assertEquals(List.of("FIN CLOSE 03eb", "FIN CLOSE 03eb"), wire.takeWritten());
    }

    @Test
    void aCodecMayChooseTheCodeAndAListenerTheAnswer() {
        CloseCode own = new CloseCode(4007);
        Codec<String> rejecting = Codec.text(value -> value, text -> {
            throw new CodecException(own, "not this one", null);
        });
        receive(open(rejecting.listener((peer, value) -> {})), client.text("x"));
        assertEquals(List.of("FIN CLOSE 0fa7"), wire.takeWritten());
        List<CodecException> errors = new ArrayList<>();
        Connection connection = open(NUMBERS.listener(new Recorder() {
            @Override
            public void onInvalid(TypedWebSocket<Integer> peer, CodecException failure) {
                errors.add(failure);
                peer.send(0);
            }
        }));
        receive(connection, client.text("forty"), client.text("40"));
        assertEquals(List.of("FIN TEXT 0", "FIN TEXT 41"), wire.takeWritten());
        assertInstanceOf(NumberFormatException.class, errors.get(0).getCause());
        assertEquals(CloseCode.INVALID_PAYLOAD_DATA, errors.get(0).closeCode());
    }

    @Test
    @SuppressWarnings("NullAway") // the result of many parsers for "null"
    void aCodecThatReturnsNullHasNotDecoded() {
        Codec<String> nothing = Codec.text(value -> value, text -> null);
        receive(open(nothing.listener((peer, value) -> log.add("told"))), client.text("x"));
        assertEquals(List.of("FIN CLOSE 03ef"), wire.takeWritten());
        assertEquals(List.of(), log);
    }

    @Test
    void anExceptionOfTheListenerIsNotADecodingFailure() {
        Connection connection = open(NUMBERS.listener((peer, value) -> {
            throw new CodecException(CloseCode.INVALID_PAYLOAD_DATA, "of the application's own", null);
        }));
        receive(connection, client.text("1"));
        assertEquals(List.of("FIN CLOSE 03f3", "<shutdownOutput>"), wire.takeWritten());
    }

    @Test
    void aValueThatCannotBeEncodedThrowsAndTheConnectionGoesOn() {
        Connection connection = open(NUMBERS.listener(new Recorder()));
        TypedWebSocket<Integer> typed = NUMBERS.on(connection.webSocket());
        for (int unsendable : new int[] {13, 14}) {
            assertThrows(CodecException.class, () -> typed.send(unsendable));
            assertThrows(CodecException.class, () -> assertNull(typed.trySend(unsendable)));
            assertThrows(CodecException.class, () -> typed.sendAsync(unsendable));
            assertThrows(CodecException.class, () -> typed.sendBlocking(unsendable));
        }
        assertEquals(SendResult.QUEUED, typed.trySend(12));
        typed.sendAsync(11);
        assertEquals(List.of("FIN TEXT 12", "FIN TEXT 11"), wire.takeWritten());
    }

    @ParameterizedTest
    @EnumSource
    void bytesAreCopiedAndPassedOnAsTheyAre(MessageType type) {
        Codec<byte[]> codec = type == MessageType.TEXT
                ? Codec.utf8(value -> value, value -> value)
                : Codec.binary(value -> value, value -> value);
        List<byte[]> got = new ArrayList<>();
        Connection connection = open(codec.listener((peer, value) -> {
            got.add(value);
            peer.send(value);
        }));
        byte[] first = type == MessageType.TEXT ? client.text("κόσμε") : client.binary("ff00");
        byte[] second = type == MessageType.TEXT ? client.text("") : client.binary("");
        receive(connection, first, second);
        String kept = type == MessageType.TEXT ? new String(got.get(0), UTF_8) : Bytes.show(false, got.get(0));
        assertEquals(type == MessageType.TEXT ? "κόσμε" : Bytes.show(false, Bytes.hex("ff00")), kept);
        assertEquals(0, got.get(1).length);
        assertEquals(2, wire.takeWritten().size());
    }

    @Test
    void demandAndWritabilityArePassedToTheListener() {
        Connection connection = open(NUMBERS.listener(new Recorder() {
            @Override
            public long initialDemand() {
                return 1;
            }
        }));
        receive(connection, client.text("1"), client.text("2"));
        assertEquals(List.of("FIN TEXT 2"), wire.takeWritten());
        wire.backlog = 100_000;
        connection.webSocket().sendText("x");
        wire.backlog = 0;
        connection.writable();
        assertEquals(List.of("open", "writable"), log);
    }
}
