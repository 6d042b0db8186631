package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;

/**
 * The input of a {@link ScriptedPeer}: frames that wait for an expectation and are in the transcript. Not thread-safe.
 */
final class ScriptedInput {
    private final PeerChannel channel;
    private final FrameDecoder decoder;
    private final Deque<Frame> received = new ArrayDeque<>();
    private final FrameHandler joining;
    private final Transcript transcript;
    private final Set<Opcode> ignored = EnumSet.noneOf(Opcode.class);

    ScriptedInput(PeerChannel channel, FrameRules rules, Transcript transcript) {
        this.channel = channel;
        this.decoder = new FrameDecoder(rules);
        this.joining = Frame.joining(decoder, received::add);
        this.transcript = transcript;
    }

    /** Ignores frames of an opcode from now on. */
    void ignore(Opcode opcode) {
        ignored.add(opcode);
    }

    /** Stops ignoring frames of an opcode. */
    void stopIgnoring(Opcode opcode) {
        ignored.remove(opcode);
    }

    /** Expects the end of the direction, without another frame. */
    void expectEnd() {
        channel.beginStep();
        requireNoFrame();
        boolean ended = false;
        while (!ended) {
            ByteBuffer bytes = receive("the end");
            ended = !bytes.hasRemaining();
            decode(bytes);
            requireNoFrame();
        }
        if (!decoder.isBetweenFrames()) {
            throw transcript.failure("the end", "the end within a frame");
        }
        transcript.note("< end");
    }

    private void requireNoFrame() {
        passOver();
        if (!received.isEmpty()) {
            throw transcript.failure("the end", Transcript.show(remove()));
        }
    }

    Frame next(Frame expected) {
        return next(Transcript.show(expected));
    }

    Frame next(String expected) {
        channel.beginStep();
        return nextOfStep(expected);
    }

    private Frame nextOfStep(String expected) {
        passOver();
        while (received.isEmpty()) {
            ByteBuffer bytes = receive(expected);
            if (!bytes.hasRemaining()) {
                transcript.note("< end");
                throw transcript.failure(expected, "the end");
            }
            decode(bytes);
            passOver();
        }
        return remove();
    }

    /** The next frames, up to one with FIN, joined to one frame. */
    Frame nextMessage(Frame expected) {
        Frame frame = next(expected);
        FirstByte first = frame.firstByte();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(bytes(frame));
        while (!frame.firstByte().fin()) {
            frame = nextOfStep(Transcript.show(expected));
            if (frame.firstByte().opcode() != Opcode.CONTINUATION) {
                throw transcript.failure(Transcript.show(expected), Transcript.show(frame) + " within a message");
            }
            payload.writeBytes(bytes(frame));
        }
        return new Frame(first.withFin(true), ByteBuffer.wrap(payload.toByteArray()));
    }

    private static byte[] bytes(Frame frame) {
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().get(bytes);
        return bytes;
    }

    private void passOver() {
        while (!received.isEmpty()
                && ignored.contains(received.element().firstByte().opcode())) {
            remove();
        }
    }

    private Frame remove() {
        Frame frame = received.remove();
        transcript.note("< " + Transcript.show(frame));
        return frame;
    }

    private ByteBuffer receive(String expected) {
        ByteBuffer bytes = channel.receive();
        if (bytes == null) {
            throw transcript.failure(expected, "nothing");
        }
        return bytes;
    }

    void decode(ByteBuffer bytes) {
        try {
            while (decoder.decode(bytes, joining)) {
                // all pieces
            }
        } catch (ProtocolException e) {
            throw transcript.failure("a frame that RFC 6455 allows", "another one: " + e.getMessage());
        }
    }
}
