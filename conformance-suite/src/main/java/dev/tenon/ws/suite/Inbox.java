package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Arrival.Ended;
import dev.tenon.ws.suite.Arrival.SeenFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the peer's frames into events and verifies each frame. Responds to the peer's pings. Not thread-safe. */
final class Inbox implements AutoCloseable {
    private final Wire wire;
    private final FrameVerifier verifier;
    private final @Nullable Decompressor decompressor;
    private final Set<Integer> keys = new HashSet<>();
    private int masked;

    private ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean text;
    private boolean compressed;
    private int frames;

    Inbox(Wire wire, @Nullable Deflate agreed) {
        this.wire = wire;
        verifier = new FrameVerifier(wire.peer, agreed != null);
        decompressor =
                agreed == null ? null : new Decompressor(agreed.resetsContext(wire.peer), agreed.bits(wire.peer));
    }

    /** The next event, or null at the deadline; throws {@link CaseFailure} if the peer breaks a rule. */
    @Nullable
    Event next(Deadline deadline) throws CaseFailure, IOException, InterruptedException {
        while (!deadline.hasPassed()) { // however many frames wait that are no event
            Arrival arrival = wire.next(deadline.left());
            if (arrival == null) {
                return null;
            }
            Event event = arrival instanceof Ended ended ? ended(ended) : frame((SeenFrame) arrival);
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    private Event ended(Ended ended) throws CaseFailure {
        wire.transcript.note(ended.how());
        if (ended.broken()) {
            throw new CaseFailure(ended.how());
        }
        return new Event.End(ended.how());
    }

    private @Nullable Event frame(SeenFrame frame) throws CaseFailure, IOException {
        wire.transcript.received(frame);
        verifier.verify(frame);
        if (frame.masked()) {
            masked++;
            keys.add(frame.key());
        }
        return switch (frame.opcode()) {
            case Opcodes.PING -> {
                WireFrame pong = WireFrame.of(Opcodes.PONG, frame.payload());
                wire.transcript.sent(pong.describe(), frame.payload());
                answer(pong);
                yield null;
            }
            case Opcodes.PONG -> new Event.Pong(frame.payload());
            case Opcodes.CLOSE -> FrameVerifier.closing(frame.payload());
            default -> data(frame);
        };
    }

    /** The peer may have closed right after its ping. */
    private void answer(WireFrame pong) {
        try {
            wire.send(wire.encode(pong), Integer.MAX_VALUE);
        } catch (IOException e) {
            wire.transcript.note("the peer accepts no pong: " + e.getMessage());
        }
    }

    private @Nullable Event data(SeenFrame frame) throws CaseFailure {
        if (frame.opcode() != Opcodes.CONTINUATION) {
            text = frame.opcode() == Opcodes.TEXT;
            compressed = frame.rsv() != 0;
            frames = 0;
        }
        frames++;
        if (data.size() + frame.payload().length > FrameReader.LONGEST) {
            throw new CaseFailure("the peer has sent a message of more than " + FrameReader.LONGEST + " bytes");
        }
        data.writeBytes(frame.payload());
        if (!frame.fin()) {
            return null;
        }
        byte[] payload = data.toByteArray();
        data = new ByteArrayOutputStream();
        byte[] message = compressed && decompressor != null ? decompressor.decompress(payload) : payload;
        if (text && Octets.decode(message) == null) {
            throw new CaseFailure("the peer has sent text that is not UTF-8 (RFC 6455 §5.6)");
        }
        return new Event.Message(text, message, frames, compressed);
    }

    /** Whether the peer has used another masking key for each of its few frames. */
    boolean keysAreFresh() {
        return keys.size() == masked;
    }

    @Override
    public void close() {
        if (decompressor != null) {
            decompressor.close();
        }
    }
}
