package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/** A test client: a blocking socket with a deadline. */
final class RawClient implements AutoCloseable {
    final Socket socket;
    final InputStream in;

    RawClient(WebSocketServer server) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), server.port()));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
    }

    /** Returns the head of a valid opening handshake. */
    static String upgrade(String target, String moreLines) {
        return """
                GET %s HTTP/1.1\r
                Host: 127.0.0.1\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                %s\r
                """.formatted(target, moreLines);
    }

    static byte[] masked(Frame frame) {
        ByteBuffer encoded = frame.encode(FrameEncoder.masking(MaskingKeys.secure()));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    void send(Frame frame) throws IOException {
        socket.getOutputStream().write(masked(frame));
    }

    /** Reads a head including its empty line. */
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        return head.toString(ISO_8859_1);
    }

    String body(int length) throws IOException {
        return new String(in.readNBytes(length), UTF_8);
    }

    String rest() throws IOException {
        return new String(in.readAllBytes(), UTF_8);
    }

    /** Reads until the server has ended its direction, and decodes all frames. */
    List<Frame> frames() throws IOException {
        return Frame.decodeAll(
                new FrameDecoder(FrameRules.receivedBy(Role.CLIENT)), ByteBuffer.wrap(in.readAllBytes()));
    }

    /** Reads exactly one frame. */
    Frame frame() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            assertTrue(b >= 0, "the server has ended in the middle of a frame");
            bytes.write(b);
            FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.CLIENT));
            List<Frame> frames = Frame.decodeAll(decoder, ByteBuffer.wrap(bytes.toByteArray()));
            if (decoder.isBetweenFrames()) {
                return frames.get(0);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
