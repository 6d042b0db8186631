package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of an application on a session, from any thread. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketProtocolTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** Becomes a server's session when the link is open. */
    private record UpgradingProtocol(
            Link link,
            ConnectionOptions options,
            List<NegotiatedExtension> extensions,
            WebSocketListener listener,
            CompletableFuture<WebSocket> session)
            implements Protocol {
        @Override
        public void opened() {
            Upgrade upgrade = new Upgrade("ws://localhost/", "", extensions);
            session.complete(WebSocketProtocol.open(link, Role.SERVER, options, upgrade, listener, null)
                    .webSocket());
        }

        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void inputEnded() {}

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {}
    }

    /** Marks with RSV3 all messages that are not sent uncompressed. */
    private record MarkingExtension() implements NegotiatedExtension {
        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("x-mark");
        }

        @Override
        public int rsv() {
            return FirstByte.RSV3;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Marker();
        }
    }

    private static final class Marker implements Extension {
        @Override
        public FrameHandler inbound(FrameHandler next) {
            return next;
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return (firstByte, payload, endOfFrame, mode) -> {
                boolean skips = mode == SendMode.UNCOMPRESSED;
                next.onFrame(skips ? firstByte : firstByte.withRsv(FirstByte.RSV3), payload, endOfFrame, mode);
            };
        }

        @Override
        public void close() {}
    }

    @Test
    void theModeOfASendBelongsToItsMessageOnly() throws Exception {
        EventLoops loops = EventLoops.start(1, "session-test", true);
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            WebSocket session = connect(loops.next(), listener.getLocalPort());
            try (Socket peer = listener.accept()) {
                peer.setSoTimeout(10_000);
                for (int i = 0; i < 120; i++) {
                    int sent = i;
                    send(session, i);
                    loops.next().execute(() -> send(session, sent + 128));
                }
                DataInputStream in = new DataInputStream(peer.getInputStream());
                int seen = 0;
                for (int i = 0; i < 240; i++) {
                    int first = in.readUnsignedByte();
                    assertEquals(1, in.readUnsignedByte());
                    int sent = in.readUnsignedByte();
                    assertEquals(sent % 3 == 0, FirstByte.of(first).rsv() == 0, () -> "message " + sent);
                    seen += sent;
                }
                assertEquals(119 * 120 + 120 * 128, seen);
            }
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    /**
     * The account has the bytes of frames and a constant for each, so a short message is counted as more than its
     * memory.
     */
    @Test
    void anAcceptedSendOfAnotherThreadIsNotRefusedLater() throws Exception {
        EventLoops loops = EventLoops.start(1, "session-test", true);
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            WebSocket session = connect(loops.next(), listener.getLocalPort());
            try (Socket peer = listener.accept()) {
                peer.setSoTimeout(10_000);
                for (int i = 0; i < 1000 && session.bufferedAmount() < 900 * 1024; i++) {
                    session.sendBinary(
                            ByteBuffer.allocate(64 * 1024)); // until much waits for the peer, which does not read
                    CompletableFuture.runAsync(() -> {}, loops.next()).join();
                }
                CompletableFuture<@Nullable Void> gate = new CompletableFuture<>();
                loops.next().execute(gate::join);
                int takeWritten = 0;
                while (takeWritten < 100_000
                        && session.trySend(Message.binary(ByteBuffer.allocate(1))) != SendResult.REFUSED) {
                    takeWritten++;
                }
                gate.complete(null);
                session.close();
                assertEquals(
                        takeWritten, shortFrames(new DataInputStream(new BufferedInputStream(peer.getInputStream()))));
                assertTrue(takeWritten > 100, "only " + takeWritten + " short messages fitted in");
            }
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 200000, 1", "true, 600000, 3", "false, 200000, 3"})
    void theFragmentsOfALongMessageLeaveTogether(boolean direct, int length, int writes) throws Exception {
        assertEquals(writes, send(direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length)));
    }

    /** The sender may change its buffer as soon as the call has returned. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFragmentsThatTheSocketDoesNotAcceptAreCopied(boolean direct) throws Exception {
        int length = 16 << 20; // more than the buffers of both sockets hold
        send(direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length));
    }

    /** Sends a message, changes its buffer, and checks the message that has arrived. Returns the number of writes. */
    private static long send(ByteBuffer buffer) throws Exception {
        EventLoops loops = EventLoops.start(1, "session-test", true);
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            EventLoop loop = loops.next();
            WebSocket session = connect(
                    loop, listener.getLocalPort(), ConnectionOptions.DEFAULT, List.of(), new WebSocketListener() {});
            try (Socket peer = listener.accept()) {
                peer.setSoTimeout(10_000);
                byte[] data = new byte[buffer.capacity()];
                new Random(1).nextBytes(data);
                buffer.put(data).flip();
                long writes = CompletableFuture.supplyAsync(
                                () -> {
                                    long before = writes(loop);
                                    session.sendBinary(buffer);
                                    long after = writes(loop);
                                    buffer.clear().put(new byte[data.length]);
                                    return after - before;
                                },
                                loop)
                        .get(20, TimeUnit.SECONDS);
                assertArrayEquals(data, message(new DataInputStream(new BufferedInputStream(peer.getInputStream()))));
                return writes;
            }
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    private static long writes(EventLoop loop) {
        long[] sum = new long[11];
        loop.counters().addTo(sum);
        return sum[8];
    }

    /** Reads the frames of a message. */
    private static byte[] message(DataInputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            last = FirstByte.of(in.readUnsignedByte()).fin();
            int second = in.readUnsignedByte();
            long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
            message.writeBytes(in.readNBytes((int) length));
        }
        return message.toByteArray();
    }

    /** Without keepalive nothing else would make the loop check the connection. */
    @Test
    void anUnansweredCloseEndsInTimeFromAnyThread() throws Exception {
        EventLoops loops = EventLoops.start(1, "session-test", true);
        ConnectionOptions options = ConnectionOptions.DEFAULT
                .withKeepalive(Duration.ZERO, Duration.ofSeconds(1))
                .withCloseTimeout(Duration.ofMillis(200));
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            for (boolean onLoop : new boolean[] {false, true}) {
                Closed closed = new Closed();
                WebSocket session = connect(loops.next(), listener.getLocalPort(), options, List.of(), closed);
                try (Socket silent = listener.accept()) {
                    if (onLoop) {
                        loops.next().execute(session::close);
                    } else {
                        session.close();
                    }
                    closed.event.get(20, TimeUnit.SECONDS);
                    assertTrue(silent.getInputStream().read() >= 0, "the Close frame");
                }
            }
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    @Test
    void aPeerThatReadsNothingIsAbortedInTime() throws Exception {
        EventLoops loops = EventLoops.start(1, "session-test", true);
        ConnectionOptions options = ConnectionOptions.DEFAULT
                .withKeepalive(Duration.ZERO, Duration.ofSeconds(1))
                .withWriteTimeout(Duration.ofMillis(200));
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            Closed closed = new Closed();
            WebSocket session = connect(loops.next(), listener.getLocalPort(), options, List.of(), closed);
            try (Socket slow = listener.accept()) {
                loops.next().execute(() -> session.sendBinary(ByteBuffer.allocate(64 * 1024 * 1024)));
                assertTrue(closed.event.get(20, TimeUnit.SECONDS).cause() instanceof IOException);
                assertTrue(slow.isConnected());
            }
        } finally {
            loops.stop(Duration.ZERO);
        }
    }

    private static final class Closed implements WebSocketListener {
        final CompletableFuture<CloseEvent> event = new CompletableFuture<>();

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            this.event.complete(event);
        }
    }

    /** Reads frames up to the Close frame, and counts those of one byte. */
    private static int shortFrames(DataInputStream in) throws IOException {
        int count = 0;
        while (FirstByte.of(in.readUnsignedByte()).opcode() != Opcode.CLOSE) {
            int second = in.readUnsignedByte();
            long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
            in.skipNBytes(length);
            count += length == 1 ? 1 : 0;
        }
        return count;
    }

    private static void send(WebSocket session, int value) {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {(byte) value});
        Message message = value % 5 == 0
                ? PreparedMessage.binary(data)
                : value % 5 == 1 ? Message.piece(MessageType.BINARY, data, true) : Message.binary(data);
        session.send(value % 3 == 0 ? message.uncompressed() : message);
    }

    private static WebSocket connect(EventLoop loop, int port) throws Exception {
        return connect(
                loop, port, ConnectionOptions.DEFAULT, List.of(new MarkingExtension()), new WebSocketListener() {});
    }

    private static WebSocket connect(
            EventLoop loop,
            int port,
            ConnectionOptions options,
            List<NegotiatedExtension> extensions,
            WebSocketListener listener)
            throws Exception {
        CompletableFuture<WebSocket> session = new CompletableFuture<>();
        SocketChannel channel = loop.provider().openSocketChannel();
        channel.configureBlocking(false);
        loop.execute(() -> {
            try {
                Links.connect(
                        loop,
                        channel,
                        new InetSocketAddress(LOOPBACK, port),
                        null,
                        null,
                        link -> new UpgradingProtocol(link, options, extensions, listener, session));
            } catch (IOException e) {
                session.completeExceptionally(e);
            }
        });
        return session.get();
    }
}
