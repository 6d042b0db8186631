package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a message costs in memory once all is warm, and what an idle connection owns. */
class AllocationTest {
    private static final int MESSAGES = 10_000;
    private static final Upgrade UPGRADE = new Upgrade("ws://example.test/", "", List.of());

    @ParameterizedTest
    @EnumSource
    void aStreamedBinaryMessageCostsNothing(Role role) {
        StreamingListener echo = (webSocket, type, piece, last) -> webSocket.sendPiece(type, piece, last);
        assertEquals(0, bytesPerMessage(role, echo, 100, 1000));
    }

    @ParameterizedTest
    @EnumSource
    void aBinaryMessageThatComesInOnePieceCostsNothing(Role role) {
        WebSocketListener echo = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                webSocket.sendBinary(data);
            }
        };
        assertEquals(0, bytesPerMessage(role, echo, 2000, 1000));
    }

    @ParameterizedTest
    @EnumSource
    void aBinaryMessageThatComesInPiecesCostsLittleMoreThanItself(Role role) {
        long cost = bytesPerMessage(role, new WebSocketListener() {}, 100, 10_000);
        assertTrue(cost > 10_000 && cost < 45_000, () -> cost + " bytes");
    }

    /** Bytes allocated while a message of a length comes in pieces of another. */
    private static long bytesPerMessage(Role role, WebSocketListener listener, int piece, int length) {
        Connection connection = connection(role, listener, new Workspace(() -> 1));
        byte[] frame = Rig.open(role).frame(true, Opcode.BINARY, new byte[length]);
        ByteBuffer input = ByteBuffer.allocateDirect(frame.length);
        BiConsumer<Integer, Integer> messages = (count, unused) -> {
            for (int i = 0; i < count; i++) {
                input.clear().put(frame).flip();
                while (input.position() < frame.length) {
                    connection.receive(input.limit(Math.min(input.position() + piece, frame.length)));
                }
            }
        };
        messages.accept(MESSAGES, 0);
        long before = allocated();
        messages.accept(MESSAGES, 0);
        long after = allocated();
        return (after - before) / MESSAGES;
    }

    /** All that making one allocates, the wire of this test and what is garbage at once included: 448 bytes remain. */
    @ParameterizedTest
    @EnumSource
    void anIdleConnectionOwnsLittle(Role role) {
        WebSocketListener listener = new WebSocketListener() {};
        Workspace workspace = new Workspace(() -> 1);
        Object[] kept = new Object[1000];
        for (int i = 0; i < kept.length; i++) { // what only the first ones cost is not an idle connection's
            kept[i] = connection(role, listener, workspace);
        }
        long before = allocated();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = connection(role, listener, workspace);
        }
        long each = (allocated() - before) / kept.length;
        assertTrue(each <= 560, () -> each + " bytes");
    }

    private static Connection connection(Role role, WebSocketListener listener, Workspace workspace) {
        Connection connection =
                new Connection(role, ConnectionOptions.DEFAULT, UPGRADE, new DevNull(), workspace, listener);
        connection.open(connection);
        return connection;
    }

    /** Bytes that this thread has allocated; by reflection, because the module under test does not read jdk.management. */
    private static long allocated() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method bytes =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
            return (long) bytes.invoke(threads, Thread.currentThread().getId());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JVM does not count allocated bytes", e);
        }
    }

    /** Takes all and keeps nothing. */
    private static final class DevNull implements Wire {
        private static final ByteBuffer CORK = ByteBuffer.allocateDirect(2 * MAX_RESERVE);

        @Override
        public ByteBuffer reserve(int length) {
            return CORK.clear();
        }

        @Override
        public void write(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public long backlog() {
            return 0;
        }

        @Override
        public void finish() {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void abort() {}

        @Override
        public void resume() {}
    }
}
