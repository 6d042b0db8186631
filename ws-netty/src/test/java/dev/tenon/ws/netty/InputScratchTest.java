package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.DiscardingWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection receives the bytes of all kinds of buffers that Netty reads into. */
class InputScratchTest {
    private static final int LENGTH = 3 * InputScratch.LENGTH - 7;
    private static final String HEAD = "82ff" + "%016x".formatted(LENGTH) + "01020304";
    private static final String PING = "8980" + "00000000";

    private final InputScratch scratch = new InputScratch();
    private final RecordingListener listener = new RecordingListener();

    private static Connection connection(RecordingListener listener) {
        Connection connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                new Upgrade("ws://example.test/", "", List.of()),
                new DiscardingWire(),
                new ThreadContext(),
                listener);
        connection.open();
        return connection;
    }

    private static ByteBuf frame() {
        return Unpooled.directBuffer(HEAD.length() / 2 + LENGTH)
                .writeBytes(ByteBufUtil.decodeHexDump(HEAD))
                .writeZero(LENGTH);
    }

    private void expectAllTaken(ByteBuf bytes) {
        int length = bytes.readableBytes();
        assertEquals(length, scratch.feed(bytes, connection(listener)));
        assertEquals(0, bytes.readableBytes());
        assertEquals(LENGTH, listener.bytes.get());
        bytes.release();
    }

    @Test
    void aDirectBufferThatIsLongerThanTheScratchIsTakenWhole() {
        expectAllTaken(frame());
    }

    @Test
    void aHeapBufferIsTakenWhole() {
        ByteBuf direct = frame();
        expectAllTaken(Unpooled.copiedBuffer(direct));
        direct.release();
    }

    @Test
    void aReadOnlyBufferIsTakenWholeAndNotChanged() {
        ByteBuf bytes = frame();
        expectAllTaken(bytes.asReadOnly().retain());
        assertEquals(HEAD + "00".repeat(8), ByteBufUtil.hexDump(bytes, 0, HEAD.length() / 2 + 8), "still masked");
        bytes.release();
    }

    @Test
    void aBufferOfSeveralPartsIsTakenWhole() {
        ByteBuf first = frame();
        ByteBuf second = first.readRetainedSlice(LENGTH / 2);
        expectAllTaken(Unpooled.wrappedBuffer(second, first));
    }

    @Test
    void whatAConnectionDoesNotWantStaysInTheBuffer() {
        RecordingListener stalled = new RecordingListener(0);
        Connection connection = connection(stalled);
        ByteBuf bytes = frame();
        int taken = scratch.feed(bytes, connection);
        int left = bytes.readableBytes();
        assertEquals(HEAD.length() / 2 + LENGTH, taken + left);
        assertTrue(left > 0, "the connection has taken everything");
        assertEquals(0, scratch.feed(bytes, connection));
        assertEquals(left, bytes.readableBytes());
        connection.webSocket().request(Long.MAX_VALUE);
        assertEquals(left, scratch.feed(bytes, connection));
        assertEquals(LENGTH, stalled.bytes.get());
        bytes.release();
    }

    @Test
    void aConnectionThatIsCalledFromInsideACallHasItsOwnBytes() {
        RecordingListener outer = new RecordingListener();
        Connection connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                new Upgrade("ws://example.test/", "", List.of()),
                new DiscardingWire(
                        () -> expectAllTaken(frame())), // at the pong, while more frames follow in the same bytes
                new ThreadContext(),
                outer);
        connection.open();
        ByteBuf bytes = Unpooled.directBuffer().writeBytes(ByteBufUtil.decodeHexDump(PING));
        ByteBuf message = frame();
        bytes.writeBytes(message);
        message.release();
        int length = bytes.readableBytes();
        assertEquals(length, scratch.feed(bytes, connection));
        assertEquals(LENGTH, outer.bytes.get());
        assertEquals(LENGTH, listener.bytes.get());
        bytes.release();
    }
}
