package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.conformance.faults.SoakCounters.ClientAction;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Performs one random action after another on a server: mostly conversations, sometimes a fault. */
final class SoakClient implements Soak.Actor {
    private static final ConnectionOptions LARGE = ConnectionOptions.DEFAULT.withOutbound(1 << 20, 8 << 20);

    private final FaultProcess server;
    private final SSLContext tls;
    private final Random random;
    private final SoakCounters counters;
    private final WebSocketClient plain;
    private final WebSocketClient deflating;

    SoakClient(FaultProcess server, SSLContext tls, Random random, SoakCounters counters) throws IOException {
        this.server = server;
        this.tls = tls;
        this.random = random;
        this.counters = counters;
        plain = client(Extensions.none());
        deflating = client(Extensions.load());
    }

    private WebSocketClient client(Extensions extensions) throws IOException {
        return WebSocketClient.builder()
                .tls(tls)
                .extensions(extensions)
                .options(LARGE)
                .loops(1)
                .build();
    }

    @Override
    public void act() throws Exception {
        int what = random.nextInt(20);
        if (what < 15) {
            converse();
        } else if (what < 17) {
            reset();
        } else if (what < 18) {
            readSlowly();
        } else {
            violate();
        }
    }

    @Override
    public void close() {
        plain.close(Duration.ofSeconds(5));
        deflating.close(Duration.ofSeconds(5));
    }

    // Conversations

    private void converse() throws Exception {
        boolean secure = random.nextInt(3) == 0;
        boolean deflated = random.nextBoolean();
        RecordingListener listener = new RecordingListener();
        String url = (secure ? "wss://127.0.0.1:" + server.securePort : "ws://127.0.0.1:" + server.port) + "/ws";
        WebSocket socket = (deflated ? deflating : plain).connect(url, listener).get(20, TimeUnit.SECONDS);
        assertEquals(deflated, !socket.extensions().isEmpty());
        counters.count(ClientAction.CONNECTION);
        if (secure) {
            counters.count(ClientAction.TLS);
        }
        if (deflated) {
            counters.count(ClientAction.DEFLATED);
        }
        int messages = random.nextInt(30);
        for (int i = 0; i < messages; i++) {
            if (random.nextInt(8) == 0) {
                socket.sendPing(ByteBuffer.wrap(new byte[] {(byte) i}));
                assertArrayEquals(new byte[] {(byte) i}, listener.next());
                counters.count(ClientAction.PING);
            }
            exchange(socket, listener);
        }
        end(socket, listener);
    }

    private void exchange(WebSocket socket, RecordingListener listener) throws Exception {
        boolean text = random.nextBoolean();
        byte[] message = text ? text().getBytes(UTF_8) : bytes();
        if (random.nextInt(4) == 0) {
            sendPieces(socket, text ? MessageType.TEXT : MessageType.BINARY, message);
        } else {
            SendResult result = text
                    ? socket.trySend(Message.text(new String(message, UTF_8)))
                    : socket.trySend(Message.binary(ByteBuffer.wrap(message)));
            assertNotEquals(SendResult.REFUSED, result);
        }
        assertArrayEquals(message, listener.next());
        counters.count(ClientAction.MESSAGE);
        counters.compared(message.length);
    }

    private void sendPieces(WebSocket socket, MessageType type, byte[] message) {
        int at = 0;
        boolean last = false;
        while (!last) {
            int to = Math.min(message.length, at + random.nextInt(1 + message.length));
            last = to == message.length && random.nextBoolean();
            assertNotEquals(
                    SendResult.REFUSED,
                    socket.trySend(Message.piece(type, ByteBuffer.wrap(message, at, to - at), last)));
            counters.count(ClientAction.PIECE);
            at = to;
        }
    }

    private void end(WebSocket socket, RecordingListener listener) throws Exception {
        switch (random.nextInt(3)) {
            case 0 -> {
                socket.close(new CloseCode(4000), "enough");
                listener.assertEnd(4000);
                counters.count(ClientAction.CLIENT_CLOSE);
            }
            case 1 -> {
                socket.sendText("close");
                listener.assertEnd(4001);
                counters.count(ClientAction.SERVER_CLOSE);
            }
            default -> {
                socket.abort();
                listener.assertEnd(1006);
                counters.count(ClientAction.ABORT);
            }
        }
    }

    /** Returns mostly short messages, sometimes 300 kB, half of them compressible. */
    private byte[] bytes() {
        byte[] bytes = new byte[length()];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            Arrays.fill(bytes, bytes.length / 4, bytes.length, (byte) 7);
        }
        return bytes;
    }

    private String text() {
        return "é"
                + random.ints(length() / 2, 0x20, 0x2ff)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    }

    private int length() {
        return random.nextInt(1 << (1 + random.nextInt(18)));
    }

    // Faults

    private RawPeer open() throws IOException {
        boolean secure = random.nextInt(3) == 0;
        return secure ? RawPeer.open(server.securePort, tls) : RawPeer.open(server.port, null);
    }

    private void reset() throws IOException {
        RawPeer peer;
        if (random.nextBoolean()) {
            peer = open();
            byte[] frame = RawPeer.masked(Frame.binary(ByteBuffer.wrap(bytes())));
            peer.send(Arrays.copyOf(frame, random.nextInt(1 + frame.length)));
        } else {
            peer = new RawPeer(random.nextBoolean() ? server.port : server.securePort, null);
            byte[] request = RawPeer.request().getBytes(UTF_8);
            peer.send(Arrays.copyOf(request, random.nextInt(1 + request.length)));
        }
        peer.reset();
        counters.count(ClientAction.RESET);
    }

    private void readSlowly() throws Exception {
        try (RawPeer peer = open()) {
            peer.send(Frame.text("flood"));
            for (int i = random.nextInt(40); i > 0; i--) {
                Frame frame = peer.frame();
                assertEquals(Opcode.BINARY, frame.firstByte().opcode());
                assertEquals(ByteBuffer.allocate(FaultTestServer.FLOOD), frame.payload());
                counters.compared(FaultTestServer.FLOOD);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
            }
        }
        counters.count(ClientAction.SLOW_READER);
    }

    /** Breaks the protocol; expects a Close frame with 1002 or 1007, and the end of the connection. */
    private void violate() throws IOException {
        try (RawPeer peer = open()) {
            peer.echo("good so far");
            boolean utf8 = random.nextBoolean();
            peer.send(
                    utf8
                            ? RawPeer.masked(new Frame(
                                    FirstByte.of(true, Opcode.TEXT), ByteBuffer.wrap(new byte[] {(byte) 0xff})))
                            : new byte[] {(byte) 0x81, 1, 'x'}); // not masked
            Frame frame = peer.frame();
            assertEquals(Opcode.CLOSE, frame.firstByte().opcode());
            assertEquals(utf8 ? 1007 : 1002, frame.payload().getChar());
        }
        counters.count(ClientAction.VIOLATION);
    }

    /** Records all events in order. */
    private static final class RecordingListener implements WebSocketListener {
        private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
        private final BlockingQueue<CloseEvent> ends = new LinkedBlockingQueue<>();

        byte[] next() throws Exception {
            byte[] message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("no response has come; ended by " + ends.peek());
            }
            return message;
        }

        void assertEnd(int code) throws Exception {
            CloseEvent end = ends.poll(20, TimeUnit.SECONDS);
            if (end == null || end.code().value() != code || !messages.isEmpty()) {
                throw new IOException("not an end with " + code + ": " + end + ", " + messages.size() + " messages");
            }
        }

        private void add(ByteBuffer data) {
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            messages.add(copy);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            messages.add(text.getBytes(UTF_8));
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            add(data);
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            add(payload);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ends.add(event);
        }
    }
}
