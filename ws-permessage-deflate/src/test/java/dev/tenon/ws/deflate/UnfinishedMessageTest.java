package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.DiscardingWire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A peer that answers pings, and sends a compressed message that does not end. The message is not inflated yet, because
 * it inflates to nothing, or because another connection has the only inflater.
 */
class UnfinishedMessageTest {
    private static final long SECOND = 1_000_000_000;
    private static final int MASK = 0x01020304;
    /** A stored block of DEFLATE without content. */
    private static final byte[] NOTHING = {0, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final FirstByte FIRST = FirstByte.of(false, Opcode.TEXT).withRsv(FirstByte.RSV1);
    private static final FirstByte NEXT = FirstByte.of(false, Opcode.CONTINUATION);

    private final PermessageDeflate provider =
            new PermessageDeflate(DeflateOptions.defaults().withPooledCodecs(1));
    private final FrameEncoder peer = FrameEncoder.masking(() -> MASK);
    private final Connection other = server();
    private final Connection server = server();

    private Connection server() {
        NegotiatedExtension deflate = provider.accept(provider.offers().get(0));
        Connection connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                new Upgrade("ws://localhost/", "", List.of(deflate)),
                new DiscardingWire(),
                new ThreadContext(),
                new WebSocketListener() {});
        connection.open();
        connection.tick(0);
        return connection;
    }

    @AfterEach
    void end() {
        server.ended(null);
        other.ended(null);
        provider.close();
        assertEquals(0, provider.nativeBytes());
    }

    private void takeTheInflater() {
        other.receive(frame(FIRST, NOTHING));
        assertEquals(1, provider.codecsOut());
    }

    private ByteBuffer frame(FirstByte firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER_LENGTH + payload.length);
        peer.encode(firstByte, ByteBuffer.wrap(payload), frame);
        return frame.flip();
    }

    private ByteBuffer header(FirstByte firstByte, int length) {
        ByteBuffer header = ByteBuffer.allocate(FrameEncoder.MAX_HEADER_LENGTH);
        peer.encodeHeader(firstByte, length, header);
        return header.flip();
    }

    private ByteBuffer payload() {
        ByteBuffer bytes = ByteBuffer.allocate(NOTHING.length);
        peer.encodePayload(ByteBuffer.wrap(NOTHING), bytes);
        return bytes.flip();
    }

    private void assertFailsWith(LimitViolation violation) {
        CloseEvent event = server.closeEvent().orElseThrow();
        assertEquals(
                violation,
                assertInstanceOf(ProtocolException.class, event.cause()).violation());
    }

    /** Passes the time in steps of ten seconds; between two of them, bytes of the peer arrive. */
    private void pass(int seconds, Supplier<ByteBuffer> bytes) {
        server.tick(0);
        for (int second = 10; second <= seconds; second += 10) {
            assertTrue(server.closeEvent().isEmpty());
            server.receive(bytes.get());
            server.tick(second * SECOND);
        }
    }

    @Test
    void aMessageThatStopsIsRefused() {
        takeTheInflater();
        server.receive(frame(FIRST, NOTHING));
        pass(60, () -> frame(FirstByte.of(true, Opcode.PONG), new byte[0]));
        assertFailsWith(LimitViolation.MESSAGE_STALLED);
    }

    @Test
    void aMessageThatGoesOnForEverIsRefused() {
        takeTheInflater();
        server.receive(frame(FIRST, NOTHING));
        pass(600, () -> frame(NEXT, NOTHING));
        assertFailsWith(LimitViolation.MESSAGE_TOO_SLOW);
    }

    @Test
    void aFrameThatGoesOnForEverIsRefused() {
        server.receive(header(FIRST, 1_000_000));
        server.receive(payload());
        pass(600, this::payload);
        assertFailsWith(LimitViolation.MESSAGE_TOO_SLOW);
    }

    @Test
    void emptyFragmentsAreLimited() {
        takeTheInflater();
        server.receive(frame(FIRST, NOTHING));
        for (int i = 0; i <= ConnectionOptions.DEFAULT.controlFrameBurst(); i++) {
            server.receive(frame(NEXT, new byte[0]));
        }
        assertFailsWith(LimitViolation.TOO_MANY_EMPTY_FRAGMENTS);
    }
}
