package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection under test. It sends what a script says, valid or not, and checks the expected frames.
 * It does not respond to pings and Close frames by itself.
 *
 * <pre>{@code
 * ScriptedPeer.playing(Role.CLIENT).against(listener)
 *         .send(Frame.text("hi"))
 *         .expectText("hi")
 *         .sendUnmasked(Frame.text("no mask"))
 *         .expectClose(1002)
 *         .expectEnd();
 * }</pre>
 *
 * <p>An unmet expectation throws an {@link AssertionError} with all frames up to it. In memory no step blocks and time
 * is virtual; over a socket each step waits a few seconds at most. Not thread-safe.
 */
public final class ScriptedPeer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Role role;
    private final PeerChannel channel;
    private final @Nullable WebSocket underTest;
    private final Transcript transcript = new Transcript();
    private final ScriptedInput input;
    private int fences;

    ScriptedPeer(Role role, PeerChannel channel, FrameRules rules, @Nullable WebSocket underTest) {
        this.role = role;
        this.channel = channel;
        this.underTest = underTest;
        this.input = new ScriptedInput(channel, rules, transcript);
    }

    /**
     * Begins to build a peer in memory; all settings have defaults.
     *
     * @param role the peer's role, not that of the end under test
     * @return a builder
     */
    public static ScriptedPeerBuilder playing(Role role) {
        return new ScriptedPeerBuilder(role);
    }

    /**
     * Connects to a server as a client without extensions and TLS, over a socket.
     *
     * @param server the server's address
     * @param path the path and query
     * @return a peer after a successful opening handshake, which the caller must close
     * @throws IOException if the connection fails
     * @throws dev.tenon.ws.handshake.HandshakeException if the server refuses or breaks a rule
     */
    public static ScriptedPeer connect(InetSocketAddress server, String path) throws IOException {
        ClientHandshake handshake = ClientHandshake.to(WebSocketUri.parse("ws://localhost:" + server.getPort() + path))
                .start();
        SocketPeerChannel channel = new SocketPeerChannel(server, TIMEOUT);
        try {
            ByteBuffer bytes = channel.open(handshake);
            ScriptedPeer peer = new ScriptedPeer(Role.CLIENT, channel, FrameRules.receivedBy(Role.CLIENT), null);
            peer.input.decode(bytes);
            return peer;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Returns the end under test.
     *
     * @return its connection
     * @throws IllegalStateException over a socket
     */
    public WebSocket underTest() {
        if (underTest == null) {
            throw new IllegalStateException("the end under test is only accessible in memory, not over a socket");
        }
        return underTest;
    }

    /**
     * Sends a frame, masked if this peer is a client.
     *
     * @param frame any frame, also one that is not allowed now
     * @return this peer
     */
    public ScriptedPeer send(Frame frame) {
        return send(frame, role, "");
    }

    /**
     * Sends a frame without a mask in either role.
     *
     * @param frame any frame
     * @return this peer
     */
    public ScriptedPeer sendUnmasked(Frame frame) {
        return send(frame, Role.SERVER, " (unmasked)");
    }

    /**
     * Sends a frame with a mask in either role.
     *
     * @param frame any frame
     * @return this peer
     */
    public ScriptedPeer sendMasked(Frame frame) {
        return send(frame, Role.CLIENT, " (masked)");
    }

    private ScriptedPeer send(Frame frame, Role as, String note) {
        transcript.note("> " + Transcript.show(frame) + (as == role ? "" : note));
        channel.send(frame.encode(FrameSequence.encoder(as)));
        return this;
    }

    /**
     * Sends bytes as they are, such as those of a {@link BrokenFrame}.
     *
     * @param bytes from position to limit; used up
     * @return this peer
     */
    public ScriptedPeer sendBytes(ByteBuffer bytes) {
        transcript.note("> " + Transcript.show(bytes));
        channel.send(bytes);
        return this;
    }

    /**
     * Ends the direction from this peer without a Close frame.
     *
     * @return this peer
     */
    public ScriptedPeer end() {
        transcript.note("> end");
        channel.end();
        return this;
    }

    /**
     * Advances the clock of the end under test.
     *
     * @param time the duration
     * @return this peer
     * @throws IllegalStateException over a socket
     */
    public ScriptedPeer advance(Duration time) {
        transcript.note("  " + time.toMillis() + " ms pass");
        channel.advance(time);
        return this;
    }

    /**
     * Ignores frames of an opcode from now on, such as pongs; {@link #expectNothing} ends that for pongs.
     *
     * @param opcode the opcode
     * @return this peer
     */
    public ScriptedPeer ignore(Opcode opcode) {
        input.ignore(opcode);
        return this;
    }

    /**
     * Expects a text message next, in any fragments without control frames in between.
     *
     * @param text the text
     * @return this peer
     */
    public ScriptedPeer expectText(String text) {
        return expectMessage(Frame.text(text));
    }

    /**
     * Expects a binary message next, in any fragments without control frames in between.
     *
     * @param data the bytes, from position to limit; not changed
     * @return this peer
     */
    public ScriptedPeer expectBinary(ByteBuffer data) {
        return expectMessage(Frame.binary(data));
    }

    private ScriptedPeer expectMessage(Frame expected) {
        Frame whole = input.nextMessage(expected);
        if (!whole.equals(expected)) {
            throw transcript.failure(Transcript.show(expected), Transcript.show(whole));
        }
        return this;
    }

    /**
     * Expects exactly this frame next.
     *
     * @param frame the frame
     * @return this peer
     */
    public ScriptedPeer expectFrame(Frame frame) {
        Frame next = input.next(frame);
        if (!next.equals(frame)) {
            throw transcript.failure(Transcript.show(frame), Transcript.show(next));
        }
        return this;
    }

    /**
     * Expects a Close frame next, with this code and any reason.
     *
     * @param code the code, 1005 for a Close frame without one
     * @return this peer
     */
    public ScriptedPeer expectClose(int code) {
        String expected = "Close " + code;
        Frame next = input.next(expected);
        if (next.firstByte().opcode() != Opcode.CLOSE || codeOf(next, expected) != code) {
            throw transcript.failure(expected, Transcript.show(next));
        }
        return this;
    }

    private int codeOf(Frame close, String expected) {
        try {
            return ClosePayload.decode(close.payload()).code().value();
        } catch (ProtocolException malformed) {
            throw transcript.failure(expected, Transcript.show(close) + ": " + malformed.getMessage());
        }
    }

    /**
     * Expects that the end under test sends no frame and still reads: its next frame is the pong of a ping.
     *
     * @return this peer
     */
    public ScriptedPeer expectNothing() {
        input.stopIgnoring(Opcode.PONG);
        ByteBuffer payload = ByteBuffer.wrap(("nothing before this, " + ++fences).getBytes(UTF_8));
        send(new Frame(FirstByte.of(true, Opcode.PING), payload));
        return expectFrame(new Frame(FirstByte.of(true, Opcode.PONG), payload));
    }

    /**
     * Expects that the end under test ends its direction, without another frame.
     *
     * @return this peer
     */
    public ScriptedPeer expectEnd() {
        input.expectEnd();
        return this;
    }

    /**
     * Returns all that was sent and received up to now.
     *
     * @return a line for each frame: {@code >} from this peer, {@code <} from the end under test
     */
    public String transcript() {
        return transcript.toString();
    }

    /** Breaks the connection. */
    @Override
    public void close() {
        channel.close();
    }
}
