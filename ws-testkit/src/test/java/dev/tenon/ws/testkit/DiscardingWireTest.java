package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiscardingWireTest {
    private final AtomicLong calls = new AtomicLong();
    private final DiscardingWire wire = new DiscardingWire(calls::incrementAndGet);
    private final Connection connection = new Connection(
            Role.SERVER,
            ConnectionOptions.DEFAULT,
            new Upgrade("ws://example.test/", "", List.of()),
            wire,
            new ThreadContext(),
            new WebSocketListener() {});

    @Test
    void theLastShortFrameIsTakenOnce() {
        connection.open();
        connection.webSocket().sendText("first");
        connection.webSocket().sendText("second");
        assertEquals(
                "\u0001\u0006second", US_ASCII.decode(clearFin(wire.takeLast())).toString());
        assertEquals(ByteBuffer.allocate(0), wire.takeLast());
        assertEquals(2, wire.writes());
        assertEquals(2, calls.get());
    }

    private static ByteBuffer clearFin(ByteBuffer frame) {
        return frame.put(0, (byte) (frame.get(0) & 0x7F));
    }

    @Test
    void aLongFrameIsDiscardedWithItsHeader() {
        connection.open();
        ByteBuffer data = ByteBuffer.allocate(50_000);
        connection.webSocket().sendBinary(data);
        assertEquals(0, data.remaining());
        assertEquals(2, wire.writes());
        assertEquals(0, wire.takeLast().remaining());
        assertEquals(0, connection.webSocket().bufferedAmount());
    }
}
