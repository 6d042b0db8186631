package dev.tenon.ws.benchmarks.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client on a plain socket. It reads the headers of frames and skips their payloads, so that it costs the machine that
 * it shares with the servers as little as possible; one client in {@value #SAMPLE} reads the payloads too.
 */
final class Member {
    private static final int SAMPLE = 16;
    private static final int TEXT = 1;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LONGEST_HEAD = 10;
    private static final int LONGEST_KEPT = 1_024;
    private static final byte[] MASK = {1, 2, 3, 4};

    /** Receives what clients read, on the thread that reads. */
    interface Events {
        /** The client is in the room. */
        void ready(Member member);

        /**
         * A published message has arrived.
         *
         * @param content the published message; null unless this client reads payloads
         */
        void delivered(@Nullable String content);
    }

    final SocketChannel channel;
    private final Dialect dialect;
    private final Events events;
    private final boolean sampled;
    private final int published;
    private final byte[] head = new byte[LONGEST_HEAD];
    private int headLength;
    private long left = -1; // of the payload; -1 while the header is incomplete
    private boolean keeps;
    private boolean ready;
    private final ByteBuffer kept = ByteBuffer.allocate(LONGEST_KEPT);

    /**
     * Connects, and completes the opening handshake.
     *
     * @param published how many bytes a published message has at least; shorter ones are of the dialect's own protocol
     */
    Member(URI server, int number, Dialect dialect, int published, Events events) throws IOException {
        this.dialect = dialect;
        this.events = events;
        this.published = published;
        sampled = number % SAMPLE == 0;
        channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String request = "GET " + dialect.path(number) + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
        readResponse();
        channel.configureBlocking(false);
    }

    private void readResponse() throws IOException {
        StringBuilder response = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1); // frames may follow at once
        while (response.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("no handshake: " + response);
            }
            response.append((char) one.get(0));
        }
        if (!response.toString().contains(" 101 ")) {
            throw new IOException("no WebSocket: " + response);
        }
    }

    /** Reads the available bytes. */
    void read(ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            throw new IOException("a connection has ended");
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            if (left < 0) {
                readHead(buffer.get());
            } else {
                readPayload(buffer);
            }
        }
    }

    private void readHead(byte next) throws IOException {
        head[headLength++] = next;
        int declared = headLength < 2 ? 0 : head[1] & 0x7f;
        int needed = declared < 126 ? 2 : declared == 126 ? 4 : LONGEST_HEAD;
        if (headLength < needed) {
            return;
        }
        left = needed == 2 ? declared : 0;
        for (int i = 2; i < needed; i++) {
            left = (left << 8) | (head[i] & 0xff);
        }
        headLength = 0;
        keeps = sampled || !ready || left < published;
        kept.clear();
        if (left == 0) {
            end();
        }
    }

    private void readPayload(ByteBuffer buffer) throws IOException {
        int taken = (int) Math.min(left, buffer.remaining());
        if (keeps) {
            int fitting = Math.min(taken, kept.remaining());
            kept.put(buffer.slice().limit(fitting));
        }
        buffer.position(buffer.position() + taken);
        left -= taken;
        if (left == 0) {
            end();
        }
    }

    private void end() throws IOException {
        left = -1;
        int opcode = head[0] & 15;
        if (opcode == TEXT && !keeps) {
            events.delivered(null);
        } else if (opcode == TEXT) {
            text(UTF_8.decode(kept.flip()).toString());
        } else if (opcode == PING) {
            send(PONG, "");
        } else if (opcode != PONG) {
            throw new IOException("a client was sent a frame with opcode " + opcode);
        }
    }

    private void text(String text) throws IOException {
        String response = dialect.response(text);
        if (response != null) {
            send(response);
        } else if (dialect.isReady(text)) {
            ready = true;
            events.ready(this);
        } else {
            String content = dialect.content(text);
            if (content != null) {
                events.delivered(content);
            }
        }
    }

    void send(String text) throws IOException {
        send(TEXT, text);
    }

    private synchronized void send(int opcode, String text) throws IOException {
        byte[] payload = text.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(2 + MASK.length + payload.length);
        frame.put((byte) (0x80 | opcode)).put((byte) (0x80 | payload.length)).put(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ MASK[i % MASK.length]));
        }
        frame.flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }
}
