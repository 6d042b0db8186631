package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory that a message costs after the warm-up, and the memory of an idle connection. */
class AllocationTest {
    private static final int MESSAGES = 2_000;
    private static final int ROUNDS = 8;
    private static final ConnectionOptions ROOM_FOR_PINGS =
            ConnectionOptions.DEFAULT.withControlFrames(MESSAGES * ROUNDS, 1);
    private static final Upgrade UPGRADE = new Upgrade("ws://example.test/", "", List.of());

    /** By reflection, because the module under test does not read jdk.management. */
    private static final Object THREADS;

    private static final Method ALLOCATED_BYTES;
    private static final long ASKING;

    static {
        try {
            THREADS = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            ALLOCATED_BYTES =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw noCount(e);
        }
        ASKING = readingDemand();
    }

    /** Keeps the counted objects from being optimized away. */
    private static volatile Object sink = "";

    @ParameterizedTest
    @EnumSource
    void aStreamedBinaryMessageAllocatesNothing(Role role) {
        StreamingListener echo = (webSocket, type, piece, last) -> webSocket.sendPiece(type, piece, last);
        for (int length : new int[] {0, 20, 125, 126, 1000}) {
            assertEquals(0, bytesFor(received(role, echo, 100, Opcode.BINARY, new byte[length])));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBinaryMessageThatComesInOnePieceAllocatesNothing(Role role) {
        WebSocketListener echo = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                webSocket.sendBinary(data);
            }
        };
        assertEquals(0, bytesFor(received(role, echo, 2000, Opcode.BINARY, new byte[20])));
        assertEquals(0, bytesFor(received(role, echo, 2000, Opcode.BINARY, new byte[1000])));
    }

    @ParameterizedTest
    @EnumSource
    void aPingAllocatesNothingUnlessTheListenerReadsIt(Role role) {
        WebSocketListener listener = new WebSocketListener() {};
        Runnable pings = received(role, listener, 2000, Opcode.PING, new byte[100], ROOM_FOR_PINGS);
        assertEquals(0, bytesFor(pings));
    }

    @ParameterizedTest
    @EnumSource
    void aTextAllocatesItsStringAndNothingElse(Role role) {
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                sink = text;
            }
        };
        for (String text : List.of("", "Hello", "x".repeat(1000), "κόσμε".repeat(50), "€")) {
            char[] chars = text.toCharArray();
            long strings = bytesFor(times(() -> sink = new String(chars)));
            assertEquals(strings, bytesFor(received(role, listener, 2000, Opcode.TEXT, text.getBytes(UTF_8))), text);
        }
    }

    @Test
    void sendingATextAllocatesItsBytesAndOneBufferAroundThem() {
        Connection connection = connection(Role.SERVER, new WebSocketListener() {}, new ThreadContext(() -> 1));
        for (String text : List.of("Hello", "x".repeat(1000), "κόσμε".repeat(50))) {
            long bytes = bytesFor(times(() -> sink = ByteBuffer.wrap(text.getBytes(UTF_8))));
            long cost = bytesFor(times(() -> connection.webSocket().sendText(text)));
            assertTrue(cost <= bytes, () -> cost + " bytes, not " + bytes);
        }
    }

    @Test
    void aPreparedMessageAllocatesNothingOnAServer() {
        Connection connection = connection(Role.SERVER, new WebSocketListener() {}, new ThreadContext(() -> 1));
        PreparedMessage message = PreparedMessage.text("x".repeat(1000));
        assertEquals(0, bytesFor(times(() -> connection.webSocket().send(message))));
    }

    @ParameterizedTest
    @EnumSource
    void aBinaryMessageInPiecesAllocatesLittleMoreThanItsLength(Role role) {
        long cost = bytesFor(received(role, new WebSocketListener() {}, 100, Opcode.BINARY, new byte[10_000]));
        long each = cost / MESSAGES;
        assertTrue(each > 10_000 && each < 45_000, () -> each + " bytes");
    }

    /** Returns a task that receives messages in pieces of some length. */
    private static Runnable received(Role role, WebSocketListener listener, int piece, Opcode opcode, byte[] payload) {
        return received(role, listener, piece, opcode, payload, ConnectionOptions.DEFAULT);
    }

    private static Runnable received(
            Role role,
            WebSocketListener listener,
            int piece,
            Opcode opcode,
            byte[] payload,
            ConnectionOptions options) {
        Connection connection =
                new Connection(role, options, UPGRADE, new DevNull(), new ThreadContext(() -> 1), listener);
        connection.open();
        byte[] frame = Rig.open(role).frame(true, opcode, payload);
        ByteBuffer input = ByteBuffer.allocateDirect(frame.length);
        return times(() -> {
            input.clear().put(frame).flip();
            while (input.position() < frame.length) {
                connection.receive(input.limit(Math.min(input.position() + piece, frame.length)));
            }
            if (connection.webSocket().readyState() != ReadyState.OPEN) {
                throw new IllegalStateException("the connection has failed");
            }
        });
    }

    private static Runnable times(Runnable once) {
        return () -> {
            for (int i = 0; i < MESSAGES; i++) {
                once.run();
            }
        };
    }

    /**
     * Returns the exact number of bytes that this thread allocates in a run after the warm-up: the smallest of several
     * runs.
     */
    private static long bytesFor(Runnable run) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = allocated();
            run.run();
            least = Math.min(least, allocated() - before);
        }
        return least - ASKING;
    }

    /** Returns the number of bytes that the measurement itself allocates after the warm-up. */
    private static long readingDemand() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 1000; i++) {
            long before = allocated();
            least = Math.min(least, allocated() - before);
        }
        return least;
    }

    /** Counts all bytes that creating a connection allocates, including the test's wire and immediate garbage. */
    @ParameterizedTest
    @EnumSource
    void anIdleConnectionOwnsLittle(Role role) {
        WebSocketListener listener = new WebSocketListener() {};
        ThreadContext threadContext = new ThreadContext(() -> 1);
        Object[] kept = new Object[1000];
        for (int i = 0;
                i < kept.length;
                i++) { // costs of the first connections only do not belong to an idle connection
            kept[i] = connection(role, listener, threadContext);
        }
        long before = allocated();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = connection(role, listener, threadContext);
        }
        long each = (allocated() - before) / kept.length;
        long bound = role == Role.CLIENT ? 536 : 504; // a client has its own encoder
        assertTrue(each <= bound, () -> each + " bytes");
    }

    private static Connection connection(Role role, WebSocketListener listener, ThreadContext threadContext) {
        Connection connection =
                new Connection(role, ConnectionOptions.DEFAULT, UPGRADE, new DevNull(), threadContext, listener);
        connection.open();
        return connection;
    }

    /** Bytes that this thread has allocated. */
    private static long allocated() {
        try {
            return (long) ALLOCATED_BYTES.invoke(THREADS, Thread.currentThread().getId());
        } catch (ReflectiveOperationException e) {
            throw noCount(e);
        }
    }

    private static LinkageError noCount(ReflectiveOperationException e) {
        return new LinkageError("this JVM does not count allocated bytes", e);
    }

    /** Drops all written bytes. */
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
