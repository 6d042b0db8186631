package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** The laws of two connections with any wire between them, and any calls on both. */
class ConnectionPairProperties {
    /** Without deadlines that could pass while an end is not ready for messages. */
    private static final ConnectionOptions OPTIONS = ConnectionOptions.DEFAULT
            .withOutbound(200, 2_000)
            .withWriteTimeout(Duration.ofDays(1))
            .withMessageTimeout(Duration.ofDays(1), Duration.ofDays(1));

    @Property(tries = 1500)
    void noMessageIsLostDuplicatedReorderedOrTornBeforeTheClose(
            @ForAll WireConditions up,
            @ForAll WireConditions down,
            @ForAll boolean streams,
            @ForAll("actions") List<Action> actions) {
        Pair pair = new Pair(up, down, streams);
        actions.forEach(pair::act);
        pair.endsOnBothSides();
        pair.client.hasReceivedWhatItShould(pair.server);
        pair.server.hasReceivedWhatItShould(pair.client);
    }

    @Property(tries = 500)
    void onAWorkingWireBothEndsCloseCleanlyAndLoseNothing(
            @ForAll WireConditions up,
            @ForAll WireConditions down,
            @ForAll boolean streams,
            @ForAll("politeActions") List<Action> actions) {
        Pair pair = new Pair(up.withCutAfter(WireConditions.NEVER), down.withCutAfter(WireConditions.NEVER), streams);
        actions.forEach(pair::act);
        pair.endsOnBothSides();
        for (Side side : List.of(pair.client, pair.server)) {
            assertTrue(side.end().wasClean(), () -> side.end().toString());
        }
        assertEquals(pair.client.accepted, pair.server.received);
        assertEquals(pair.server.accepted, pair.client.received);
    }

    /** The next action, by the client or by the server. */
    private record Action(boolean byClient, What what, int size) {}

    private enum What {
        TEXT,
        BINARY,
        PREPARED,
        PIECE,
        LAST_PIECE,
        PING,
        REQUEST,
        AWAIT_SENT,
        RUN,
        ADVANCE,
        CLOSE,
        ABORT,
        THROW,
        CUT
    }

    private static final class Pair {
        private final Side client;
        private final Side server;
        private final MemoryWire wire;

        Pair(WireConditions up, WireConditions down, boolean streams) {
            client = streams ? new StreamingSide() : new Side();
            server = streams ? new StreamingSide() : new Side();
            wire = MemoryWire.between(client, server)
                    .conditions(up, down)
                    .options(OPTIONS)
                    .open();
        }

        void act(Action action) {
            Side side = action.byClient ? client : server;
            WebSocket connection = action.byClient ? wire.client() : wire.server();
            switch (action.what) {
                case RUN -> wire.run();
                case ADVANCE -> wire.advance(Duration.ofMillis(action.size));
                case CUT -> wire.cut();
                default -> side.act(action, connection);
            }
        }

        /** Both ends request all messages, close, and wait. */
        void endsOnBothSides() {
            for (WebSocket connection : List.of(wire.client(), wire.server())) {
                connection.request(Long.MAX_VALUE);
            }
            for (WebSocket connection : List.of(wire.client(), wire.server())) {
                connection.close();
            }
            wire.advance(Duration.ofMinutes(2));
            assertTrue(wire.isClosed(), "both sides always end");
            for (WebSocket connection : List.of(wire.client(), wire.server())) {
                assertEquals(0, connection.bufferedAmount(), "nothing stays behind");
            }
            client.end();
            server.end();
            assertTrue(client.awaited.stream().allMatch(CompletableFuture::isDone));
            assertTrue(server.awaited.stream().allMatch(CompletableFuture::isDone));
        }
    }

    private static class Side implements WebSocketListener {
        final List<String> accepted = new ArrayList<>();
        final List<String> received = new ArrayList<>();
        final List<CompletableFuture<Void>> awaited = new ArrayList<>();
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
        private boolean inMessage;
        private boolean throwsNext;
        private boolean gaveUp;
        private @Nullable CloseEvent end;
        private int sent;

        void act(Action action, WebSocket connection) {
            switch (action.what) {
                case TEXT -> {
                    if (!inMessage) {
                        String text = content(action.size).replace('x', 'é');
                        accept(connection.trySend(Message.text(text)), text);
                    }
                }
                case BINARY -> {
                    if (!inMessage) {
                        String text = content(action.size);
                        accept(connection.trySend(Message.binary(bytes(text))), text);
                    }
                }
                case PREPARED -> {
                    if (!inMessage) {
                        String text = content(action.size);
                        accept(connection.trySend(PreparedMessage.text(text)), text);
                    }
                }
                case PIECE, LAST_PIECE -> piece(action, connection);
                case PING -> connection.sendPing(ByteBuffer.allocate(action.size % 126));
                case REQUEST -> connection.request(action.size % 5 + 1);
                case AWAIT_SENT -> awaited.add(connection.whenSent().toCompletableFuture());
                case CLOSE -> {
                    gaveUp = true; // unrequested messages are dropped
                    connection.close(new CloseCode(4000), "done");
                }
                case ABORT -> {
                    gaveUp = true;
                    connection.abort();
                }
                default -> throwsNext = true;
            }
        }

        private void piece(Action action, WebSocket connection) {
            String text = content(action.size);
            boolean last = action.what == What.LAST_PIECE;
            if (connection.trySend(Message.piece(MessageType.BINARY, bytes(text), last)) == SendResult.REFUSED) {
                return;
            }
            inMessage = !last;
            begun.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            if (last) {
                accepted.add(begun.toString(StandardCharsets.UTF_8));
                begun.reset();
            }
        }

        /** A text of the given length that differs from all others. */
        private String content(int size) {
            sent++;
            return sent + ":" + "x".repeat(size);
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }

        private void accept(SendResult result, String text) {
            if (result != SendResult.REFUSED) {
                accepted.add(text);
            }
        }

        final void receive(WebSocket webSocket, String text) {
            assertTrue(end == null, "nothing comes behind the end");
            if (throwsNext) {
                throwsNext = false;
                gaveUp = true;
                throw new IllegalStateException("by a random action");
            }
            received.add(text);
            if (received.size() % 3 == 0) {
                webSocket.request(1);
            }
        }

        @Override
        public long initialDemand() {
            return 2;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            receive(webSocket, text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            receive(webSocket, StandardCharsets.UTF_8.decode(data).toString());
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            assertTrue(end == null, "one end");
            end = event;
        }

        CloseEvent end() {
            return Objects.requireNonNull(end, "onClose has not come");
        }

        void hasReceivedWhatItShould(Side other) {
            List<String> all = other.accepted;
            assertTrue(received.size() <= all.size(), () -> received + " of " + all);
            assertEquals(all.subList(0, received.size()), received);
            if (end().wasClean() && !gaveUp) { // the other's Close frame has arrived, and all its messages before it
                assertEquals(all, received);
            }
        }
    }

    private static final class StreamingSide extends Side implements StreamingListener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            while (piece.hasRemaining()) {
                message.write(piece.get());
            }
            if (last) {
                String whole = message.toString(StandardCharsets.UTF_8);
                message.reset();
                receive(webSocket, whole);
            }
        }

        @Override
        public long initialDemand() {
            return 20;
        }
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        return actions(Arbitraries.of(What.class));
    }

    /** No harmful action, and no close either, because the first action after these is one. */
    @Provide
    Arbitrary<List<Action>> politeActions() {
        return actions(Arbitraries.of(
                What.TEXT,
                What.BINARY,
                What.PREPARED,
                What.LAST_PIECE,
                What.PING,
                What.REQUEST,
                What.AWAIT_SENT,
                What.RUN,
                What.ADVANCE));
    }

    private static Arbitrary<List<Action>> actions(Arbitrary<What> what) {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        what,
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.integers().between(0, 60)),
                                Tuple.of(1, Arbitraries.integers().between(0, 20_000))))
                .as(Action::new)
                .list()
                .ofMaxSize(30);
    }
}
