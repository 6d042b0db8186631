package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the bytes of one connection into HTTP heads and frames. Each direction begins as HTTP. Frames follow in both
 * directions after a 101, or after a 200 of HTTP/2 or HTTP/3. Not thread-safe: it belongs to the connection's thread,
 * like every tap.
 */
final class WireReader implements WireTap {
    /** The longest head; neither end would accept a longer one. */
    private static final int MAX_HEAD = 64 * 1024;
    /** RFC 6455 §4.2.2, RFC 8441 §5, RFC 9220 §3; the heads of the latter two are shown in the form of the first. */
    private static final Pattern ACCEPTED = Pattern.compile("HTTP/(?:1\\.1 101|[23] 2\\d\\d)");

    private final Half received;
    private final Half sent;
    private final int shown;
    private final WireObserver observer;

    /**
     * A reader for a new connection.
     *
     * @param role the role of the tapped end
     * @param shown how many bytes of a payload the observer receives
     */
    WireReader(Role role, int shown, WireObserver observer) {
        this.shown = shown;
        this.observer = observer;
        Half client = new Half(WireObserver.Sender.CLIENT, Role.SERVER);
        Half server = new Half(WireObserver.Sender.SERVER, Role.CLIENT);
        client.peer = server;
        server.peer = client;
        received = role == Role.SERVER ? client : server;
        sent = role == Role.SERVER ? server : client;
    }

    @Override
    public void received(ByteBuffer bytes) {
        received.take(bytes);
    }

    @Override
    public void sent(ByteBuffer bytes) {
        sent.take(bytes);
    }

    /** The state of one direction. */
    private enum State {
        HEAD,
        /** A request was read; the response decides whether frames follow. */
        ASKED,
        /** The rest of a response other than 101. */
        BODY,
        FRAMES,
        BROKEN
    }

    /** One direction. */
    private final class Half {
        private final WireObserver.Sender sender;
        private final FrameDecoder decoder;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private State state = State.HEAD;
        private @Nullable Half peer;

        Half(WireObserver.Sender sender, Role receiver) {
            this.sender = sender;
            EnumSet<Opcode> reserved = EnumSet.allOf(Opcode.class);
            reserved.removeIf(opcode -> !opcode.isReserved());
            this.decoder = new FrameDecoder(FrameRules.receivedBy(receiver).withOwned(7, reserved));
        }

        void take(ByteBuffer bytes) {
            switch (state) {
                case FRAMES -> frames(bytes);
                case HEAD, ASKED -> {
                    hold(bytes);
                    heads();
                }
                case BODY, BROKEN -> {}
            }
        }

        private void hold(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            held.writeBytes(copy);
        }

        private void heads() {
            String text = held.toString(StandardCharsets.ISO_8859_1);
            int end = state == State.HEAD ? text.indexOf("\r\n\r\n") : -1;
            if (end < 0) {
                if (held.size() > MAX_HEAD) {
                    held.reset();
                }
                return;
            }
            byte[] all = held.toByteArray();
            held.reset();
            held.write(all, end + 4, all.length - end - 4);
            observer.head(sender, text.substring(0, end));
            if (sender == WireObserver.Sender.CLIENT) {
                state = State.ASKED;
            } else {
                answered(ACCEPTED.matcher(text).lookingAt());
            }
        }

        private void answered(boolean upgraded) {
            Half client = peer;
            if (client == null) {
                return;
            }
            if (upgraded) {
                client.upgrade();
                upgrade();
            } else {
                state = State.BODY;
                client.state = State.BODY;
            }
        }

        private void upgrade() {
            state = State.FRAMES;
            ByteBuffer early = ByteBuffer.wrap(held.toByteArray());
            held.reset();
            frames(early);
        }

        private void frames(ByteBuffer bytes) {
            try {
                while (decoder.decode(bytes, this::piece)) {
                    // each call decodes one piece
                }
            } catch (ProtocolException violation) {
                state = State.BROKEN;
                observer.broken(
                        sender,
                        violation.getMessage() + " [" + violation.violation().id() + "]");
            }
        }

        private void piece(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            int room = Math.min(shown - held.size(), payload.remaining());
            if (room > 0) {
                hold(payload.limit(payload.position() + room));
            }
            if (endOfFrame) {
                Frame frame = new Frame(firstByte, ByteBuffer.wrap(held.toByteArray()));
                held.reset();
                observer.frame(
                        sender,
                        new SeenFrame(frame, decoder.isMasked(), decoder.maskingKey(), decoder.payloadLength()));
            }
        }
    }
}
