package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryWireTest {
    private final Notes client = new Notes();
    private final Notes server = new Notes();

    @Test
    void nothingIsTransferredBeforeTheTransportRuns() {
        MemoryWire wire = MemoryWire.between(client, server).open();
        wire.client().sendText("Hello");
        assertEquals(List.of(), server.log);
        wire.run();
        assertEquals(List.of("Hello"), server.log);
    }

    @Test
    void bytesArriveInTheConfiguredChunksAndAtTheConfiguredTimes() {
        WireConditions slow = WireConditions.GOOD
                .withChunks(List.of(3, 1))
                .withDelays(List.of(Duration.ofMillis(10), Duration.ofMillis(4), Duration.ofMillis(30)));
        MemoryWire wire = MemoryWire.between(client, server)
                .conditions(WireConditions.GOOD, slow)
                .open();
        wire.server().sendText("abcdef"); // 8 bytes in chunks of 3, 1, 3 and 1, after 10, 10, 30 and 30 ms
        wire.advance(Duration.ofMillis(29));
        assertEquals(List.of(), client.log);
        wire.advance(Duration.ofMillis(1));
        assertEquals(List.of("abcdef"), client.log);
    }

    @Test
    void onASlowWireMessagesBeforeACloseAreNotLost() {
        WireConditions slow = WireConditions.GOOD.withCapacity(100).withDelays(List.of(Duration.ofSeconds(1)));
        MemoryWire wire =
                MemoryWire.between(client, server).conditions(slow, slow).open();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // 2 KB at 100 bytes a second take longer than the peer may be silent
            sent.add(i + "x".repeat(98));
            wire.client().sendText(sent.get(i));
            wire.server().sendText(sent.get(i));
        }
        wire.client().close();
        wire.advance(Duration.ofSeconds(60));
        assertTrue(wire.isClosed());
        sent.add("close 1000 true");
        assertEquals(sent, server.log);
        assertEquals(sent, client.log);
    }

    @Test
    void bytesThatDoNotFitWait() {
        MemoryWire wire = MemoryWire.between(client, server)
                .conditions(
                        WireConditions.GOOD.withCapacity(10).withDelays(List.of(Duration.ofSeconds(1))),
                        WireConditions.GOOD)
                .options(ConnectionOptions.DEFAULT.withMessageTimeout(Duration.ofHours(1), Duration.ofHours(4)))
                .open();
        assertEquals(SendResult.CONGESTED, wire.client().trySend(Message.binary(ByteBuffer.allocate(100_000))));
        assertTrue(wire.client().bufferedAmount() > 90_000);
        wire.run();
        assertFalse(wire.client().whenSent().toCompletableFuture().isDone());
        wire.advance(Duration.ofSeconds(10_010));
        assertEquals(0, wire.client().bufferedAmount());
        assertEquals(List.of("100000 bytes"), server.log);
        assertEquals(List.of("writable"), client.log);
        assertTrue(wire.client().whenSent().toCompletableFuture().isDone());
    }

    @Test
    void aRoundTripIsMeasuredByTheVirtualClock() {
        WireConditions far = WireConditions.GOOD.withDelays(List.of(Duration.ofMillis(40)));
        MemoryWire wire =
                MemoryWire.between(client, server).conditions(far, far).open();
        wire.client().sendPing(ByteBuffer.allocate(4));
        wire.advance(Duration.ofSeconds(1));
        assertEquals(Optional.of(Duration.ofMillis(80)), wire.client().roundTrip());
    }

    @Test
    void aCleanCloseClosesBothEnds() {
        MemoryWire wire = MemoryWire.between(client, server).open();
        wire.client().close();
        wire.run();
        assertEquals(List.of("close 1000 true"), client.log);
        assertEquals(List.of("close 1000 true"), server.log);
        assertTrue(wire.isClosed());
    }

    @Test
    void theWireBreaksAtTheConfiguredByte() {
        MemoryWire wire = MemoryWire.between(client, server)
                .conditions(WireConditions.GOOD, WireConditions.GOOD.withCutAfter(5))
                .open();
        wire.server().sendText("a");
        wire.server().sendText("b"); // 6 bytes
        wire.run();
        assertEquals(List.of("a", "close 1006 false"), client.log);
        assertEquals(List.of("close 1006 false"), server.log);
        assertInstanceOf(IOException.class, client.cause);
    }

    @Test
    void anAbortDropsBytesInTransit() {
        WireConditions slow = WireConditions.GOOD.withDelays(List.of(Duration.ofMillis(10)));
        MemoryWire wire =
                MemoryWire.between(client, server).conditions(slow, slow).open();
        wire.client().sendText("lost");
        wire.run();
        wire.client().abort();
        wire.advance(Duration.ofSeconds(1));
        assertEquals(List.of("close 1006 false"), server.log);
        assertEquals(List.of("close 1006 false"), client.log);
    }

    @Test
    void aSilentWireIsKeptAliveAndABrokenOneIsAborted() {
        MemoryWire wire = MemoryWire.between(client, server).open();
        wire.advance(Duration.ofHours(1));
        assertFalse(wire.isClosed());
        WireConditions endless = WireConditions.GOOD.withDelays(List.of(Duration.ofDays(1)));
        MemoryWire black =
                MemoryWire.between(client, server).conditions(endless, endless).open();
        black.advance(Duration.ofSeconds(49));
        assertFalse(black.isClosed());
        black.advance(Duration.ofSeconds(1));
        assertTrue(black.isClosed());
    }

    @Test
    void listenersThatNeverReturnAreDetected() {
        WebSocketListener echo = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                webSocket.sendText("again");
            }

            @Override
            public void onText(WebSocket webSocket, String text) {
                webSocket.sendText(text);
            }
        };
        assertThrows(
                IllegalStateException.class,
                () -> MemoryWire.between(echo, echo).open().run());
    }

    @Test
    void conditionsHaveRanges() {
        WireConditions good = WireConditions.GOOD;
        assertThrows(IllegalArgumentException.class, () -> good.withChunks(List.of()));
        assertThrows(IllegalArgumentException.class, () -> good.withChunks(List.of(0)));
        assertThrows(IllegalArgumentException.class, () -> good.withDelays(List.of()));
        assertThrows(IllegalArgumentException.class, () -> good.withDelays(List.of(Duration.ofNanos(-1))));
        assertThrows(IllegalArgumentException.class, () -> good.withCapacity(0));
        assertThrows(IllegalArgumentException.class, () -> good.withCutAfter(-1));
        assertThrows(IllegalArgumentException.class, () -> new VirtualClock().advance(Duration.ofNanos(-1)));
    }

    @Test
    void aClockShowsTheTimeThatWasSet() {
        VirtualClock clock = new VirtualClock(7);
        clock.advance(Duration.ofNanos(3));
        assertEquals(10, clock.nanoTime());
    }

    private static final class Notes implements WebSocketListener {
        private final List<String> log = new ArrayList<>();
        private Throwable cause = new AssertionError("nothing has gone wrong");

        @Override
        public void onText(WebSocket webSocket, String text) {
            log.add(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            log.add(data.remaining() + " bytes");
        }

        @Override
        public void onWritable(WebSocket webSocket) {
            log.add("writable");
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            log.add("close " + event.code() + " " + event.wasClean());
            if (event.cause() != null) {
                cause = event.cause();
            }
        }
    }
}
