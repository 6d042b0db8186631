package dev.tenon.ws.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds arbitrary bytes to a whole connection, which echoes valid messages. The first byte of an input selects role,
 * limits, compression and split; the peer sends the other bytes and then ends.
 */
class ConnectionFuzzTest {
    private static final int LIMIT = 300;

    @FuzzTest(maxDuration = "10m")
    void anyPeerAtAll(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = new Outcome(choice, stream, Math.max(1, stream.length));
        Outcome split = new Outcome(choice, stream, 1 + ((choice >> 4) & 7));
        assertEquals(whole.events, split.events, "the same is told, however the bytes come");
        assertEquals(whole.sent(), split.sent(), "and the same is answered");
    }

    /** Records the events of a connection's listener, and the bytes that it sends. */
    private static final class Outcome implements WebSocketListener, Wire {
        final List<String> events = new ArrayList<>();
        private final Role role;
        private final ByteBuffer room = ByteBuffer.allocate(2 * MAX_RESERVE);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int ends;
        private boolean over;

        Outcome(int choice, byte[] stream, int chunk) {
            role = (choice & 1) == 0 ? Role.SERVER : Role.CLIENT;
            boolean compressed = (choice & 2) != 0;
            PermessageDeflate deflate = new PermessageDeflate();
            List<NegotiatedExtension> agreed =
                    compressed ? List.of(deflate.accept(deflate.offers().get(0))) : List.of();
            ConnectionOptions options = ConnectionOptions.DEFAULT.withControlFrames(50, 1);
            if ((choice & 4) != 0) {
                options = options.withMaxMessageLength(LIMIT);
            }
            Connection connection = new Connection(
                    role, options, new Upgrade("ws://a/", "", agreed), this, new ThreadContext(() -> choice), this);
            connection.open();
            for (int at = 0; at < stream.length && !over; at += chunk) {
                ByteBuffer bytes = ByteBuffer.allocate(Math.min(chunk, stream.length - at));
                connection.receive(bytes.put(0, stream, at, bytes.remaining()));
                assertFalse(bytes.hasRemaining(), "a listener that is always ready leaves nothing");
                assertTrue((choice & 4) == 0 || connection.webSocket().bufferedAmount() == 0);
            }
            connection.endOfInput();
            connection.ended(null);
            assertEquals(1, ends, "exactly one end");
            assertEquals(ReadyState.CLOSED, connection.webSocket().readyState());
            deflate.close();
            assertEquals(0, deflate.nativeBytes(), "all has come back");
        }

        /**
         * Returns the frames that were sent, without pongs, because one pong may answer several pings; checks that all
         * are legal.
         */
        List<String> sent() {
            flush();
            FrameRules rules = FrameRules.receivedBy(role.peer()).withOwned(FirstByte.RSV1, Set.of());
            FrameDecoder decoder = new FrameDecoder(rules);
            List<Frame> frames = Frame.decodeAll(decoder, ByteBuffer.wrap(written.toByteArray()));
            assertTrue(decoder.isBetweenFrames(), "whole frames only");
            for (Frame frame : frames) {
                if (frame.firstByte().opcode() == Opcode.CLOSE) {
                    assertEquals(frame, frames.get(frames.size() - 1), "nothing follows a Close frame");
                }
            }
            return frames.stream()
                    .filter(frame -> frame.firstByte().opcode() != Opcode.PONG)
                    .map(Outcome::shown)
                    .toList();
        }

        private static String shown(Frame frame) {
            if (frame.firstByte().opcode() == Opcode.CLOSE) {
                return "close " + ClosePayload.decode(frame.payload()).code();
            }
            byte[] bytes = new byte[frame.payload().remaining()];
            frame.payload().get(bytes);
            return frame.firstByte() + " " + Arrays.toString(bytes);
        }

        private void flush() {
            written.write(room.array(), 0, room.position());
            room.clear();
        }

        private void record(String what) {
            assertEquals(0, ends, "nothing is told after the end");
            events.add(what);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            assertEquals(text, new String(text.getBytes(UTF_8), UTF_8), "no lone surrogate comes out of UTF-8");
            record("text " + text);
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(data.position(), bytes);
            record("binary " + Arrays.toString(bytes));
            webSocket.sendBinary(data);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            record("error " + error);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            Throwable cause = event.cause();
            record("close " + event.wasClean() + " " + event.code() + " " + event.reason() + " " + message(cause));
            ends++;
        }

        private static @Nullable String message(@Nullable Throwable cause) {
            return cause == null ? null : cause.getClass() + ": " + cause.getMessage();
        }

        @Override
        public ByteBuffer reserve(int length) {
            if (room.remaining() < length) {
                flush();
            }
            return room;
        }

        @Override
        public void write(ByteBuffer bytes) {
            flush();
            while (bytes.hasRemaining()) {
                written.write(bytes.get());
            }
        }

        @Override
        public long backlog() {
            return 0;
        }

        @Override
        public void finish() {
            over = true;
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void abort() {
            over = true;
        }

        @Override
        public void resume() {}
    }
}
