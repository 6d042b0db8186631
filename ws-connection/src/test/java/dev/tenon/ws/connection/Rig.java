package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A connection under test between a recording wire and a recording listener, and the pen of its peer. */
final class Rig {
    static final int KEY = 0x37FA213D;

    final Role role;
    final RecordingWire wire;
    final RecordingListener listener;
    final Connection connection;
    final WebSocket webSocket;
    private final FrameEncoder peer;

    private Rig(Builder builder) {
        role = builder.role;
        wire = new RecordingWire(role);
        listener = builder.listener;
        peer = role == Role.SERVER ? FrameEncoder.masking(() -> KEY) : FrameEncoder.unmasked();
        Upgrade upgrade = new Upgrade("ws://example.test/", "", builder.extensions);
        connection = new Connection(
                role, builder.options, upgrade, wire, new ThreadContext(builder.executor, () -> 0x01020304), listener);
        webSocket = connection.webSocket();
    }

    static Rig open(Role role) {
        return of(role).open();
    }

    static Builder of(Role role) {
        return new Builder(role);
    }

    // What the peer writes

    byte[] frame(int firstByte, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(payload.length + FrameEncoder.MAX_HEADER_LENGTH);
        peer.encode(FirstByte.of(firstByte), ByteBuffer.wrap(payload), bytes);
        return Bytes.of(bytes.flip());
    }

    byte[] frame(boolean fin, Opcode opcode, byte[] payload) {
        return frame(FirstByte.of(fin, opcode).value(), payload);
    }

    byte[] text(String text) {
        return frame(true, Opcode.TEXT, Bytes.utf8(text));
    }

    byte[] binary(String hex) {
        return frame(true, Opcode.BINARY, Bytes.hex(hex));
    }

    byte[] ping(String hex) {
        return frame(true, Opcode.PING, Bytes.hex(hex));
    }

    byte[] pong(String hex) {
        return frame(true, Opcode.PONG, Bytes.hex(hex));
    }

    byte[] close(String hex) {
        return frame(true, Opcode.CLOSE, Bytes.hex(hex));
    }

    // What happens

    Rig receive(byte[]... frames) {
        ByteBuffer input = ByteBuffer.wrap(Bytes.concat(frames).clone());
        connection.receive(input);
        assertEquals(0, input.remaining(), "bytes that were not taken");
        return this;
    }

    Rig receiveByteByByte(byte[]... frames) {
        for (byte b : Bytes.concat(frames)) {
            receive(new byte[] {b});
        }
        return this;
    }

    /** Ends the peer's direction, and performs what the connection requests of the transport. */
    Rig ends() {
        connection.endOfInput();
        connection.ended(null);
        return this;
    }

    void assertEvents(String... events) {
        assertEquals(List.of(events), listener.takeEvents());
    }

    void assertSent(String... frames) {
        assertEquals(List.of(frames), wire.takeWritten());
    }

    /**
     * Checks that the connection fails with a code, that the peer gets a Close frame with it, and that the application
     * is notified.
     */
    void failsWith(int code) {
        failsWithoutEnd(code);
        assertEquals(code, listener.closed().code().value());
        assertFalse(listener.closed().wasClean());
    }

    /** Checks the same for an application that does not request the held messages. */
    void failsWithoutEnd(int code) {
        List<String> sent = new ArrayList<>(wire.takeWritten());
        assertEquals("<shutdownOutput>", sent.remove(sent.size() - 1));
        String close = sent.remove(sent.size() - 1);
        assertEquals("FIN CLOSE " + "%04x".formatted(code), close.substring(0, Math.min(close.length(), 14)));
        assertEquals(ReadyState.CLOSING, webSocket.readyState());
        receive(text("too late"));
        assertEquals(List.of(), wire.takeWritten());
        ends();
        assertEquals(ReadyState.CLOSED, webSocket.readyState());
    }

    static final class Builder {
        private final Role role;
        private ConnectionOptions options = ConnectionOptions.DEFAULT;
        private RecordingListener listener = new RecordingListener();
        private List<NegotiatedExtension> extensions = List.of();
        private ConnectionExecutor executor = ConnectionExecutor.direct();

        private Builder(Role role) {
            this.role = role;
        }

        Builder options(ConnectionOptions options) {
            this.options = options;
            return this;
        }

        Builder listener(RecordingListener listener) {
            this.listener = listener;
            return this;
        }

        Builder on(ConnectionExecutor executor) {
            this.executor = executor;
            return this;
        }

        Builder extensions(NegotiatedExtension... extensions) {
            this.extensions = List.of(extensions);
            return this;
        }

        Rig build() {
            return new Rig(this);
        }

        Rig open() {
            Rig rig = build();
            rig.connection.open();
            rig.assertEvents("open");
            return rig;
        }
    }
}
