package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A client that can break the protocol: a blocking socket, plain or TLS, with a deadline on every read. */
final class RawPeer implements AutoCloseable {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();

    final Socket socket;
    final DataInputStream in;

    /** Connects; with TLS, the handshake happens at the first send. */
    RawPeer(int port, @Nullable SSLContext tls) throws IOException {
        this(port, tls, 0);
    }

    /** Connects with a receive buffer of the given size, or of the default size for 0. */
    RawPeer(int port, @Nullable SSLContext tls, int receiveBuffer) throws IOException {
        Socket plain = new Socket();
        if (receiveBuffer > 0) {
            plain.setReceiveBufferSize(receiveBuffer);
        }
        plain.connect(new InetSocketAddress(HOST, port), 10_000);
        socket = tls == null ? plain : tls.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and upgrades; offers permessage-deflate if {@code deflate} is set. */
    static RawPeer open(int port, @Nullable SSLContext tls, String... headers) throws IOException {
        RawPeer peer = new RawPeer(port, tls);
        try {
            peer.upgrade(headers);
            return peer;
        } catch (IOException e) {
            peer.close();
            throw e;
        }
    }

    void upgrade(String... headers) throws IOException {
        send(request(headers));
        String head = head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("refused: " + head);
        }
    }

    /** Returns a correct opening handshake. */
    static String request(String... headers) {
        return "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n";
    }

    static byte[] masked(Frame frame) {
        ByteBuffer encoded = frame.encode(FrameEncoder.masking(MaskingKeys.secure()));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    void send(String text) throws IOException {
        send(text.getBytes(ISO_8859_1));
    }

    void send(Frame frame) throws IOException {
        send(masked(frame));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
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

    /** Reads exactly one frame. */
    Frame frame() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(in.readUnsignedByte());
        int second = in.readUnsignedByte();
        bytes.write(second);
        byte[] extended = in.readNBytes(second == 126 ? 2 : second == 127 ? 8 : 0);
        bytes.writeBytes(extended);
        int length = extended.length == 0
                ? second
                : (int)
                        (extended.length == 2
                                ? ByteBuffer.wrap(extended).getChar()
                                : ByteBuffer.wrap(extended).getLong());
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the server has ended in the middle of a frame");
        }
        bytes.writeBytes(payload);
        FrameRules rules = FrameRules.receivedBy(Role.CLIENT).withOwned(FirstByte.RSV1, Set.of());
        return Frame.decodeAll(new FrameDecoder(rules), ByteBuffer.wrap(bytes.toByteArray()))
                .get(0);
    }

    /** Sends a text and waits for its echo; answers keepalive pings that arrive meanwhile. */
    void echo(String text) throws IOException {
        send(Frame.text(text));
        Frame frame = frame();
        while (frame.firstByte().opcode() == Opcode.PING) {
            send(new Frame(FirstByte.of(true, Opcode.PONG), frame.payload()));
            frame = frame();
        }
        String back = UTF_8.decode(frame.payload()).toString();
        if (!back.equals(text)) {
            throw new IOException("not an echo: " + back);
        }
    }

    /** Reads all bytes until the server ends its direction. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    List<Frame> frames() throws IOException {
        return Frame.decodeAll(
                new FrameDecoder(FrameRules.receivedBy(Role.CLIENT).withMaxPayloadLength(1 << 24)),
                ByteBuffer.wrap(rest()));
    }

    /** Ends the connection at once, by RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
