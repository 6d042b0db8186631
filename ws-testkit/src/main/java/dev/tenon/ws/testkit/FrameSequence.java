package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * All frames that one end sends on a connection, without a defect: messages in any fragments (RFC 6455 §5.4), pings and
 * pongs between any two frames, and possibly a Close frame at the end. Immutable. See {@link Frames#sequences}.
 *
 * @param sender the end that sends them
 * @param messages each message as one frame
 * @param frames the frames in order
 */
public record FrameSequence(Role sender, List<Frame> messages, List<Frame> frames) {
    /**
     * A sequence.
     *
     * @param sender the end that sends it
     * @param messages each message as one frame
     * @param frames the frames in order
     */
    public FrameSequence {
        messages = List.copyOf(messages);
        frames = List.copyOf(frames);
    }

    /**
     * Returns the frames as they are sent, masked with fixed keys if a client sends them.
     *
     * @return a new buffer with all frames
     */
    public ByteBuffer bytes() {
        return encode(encoder(sender));
    }

    /**
     * Returns the frames as an encoder writes them.
     *
     * @param encoder an encoder of the sender
     * @return a new buffer with all frames
     */
    public ByteBuffer encode(FrameEncoder encoder) {
        return encodeAll(frames, encoder);
    }

    static ByteBuffer encodeAll(List<Frame> frames, FrameEncoder encoder) {
        List<ByteBuffer> parts =
                frames.stream().map(frame -> frame.encode(encoder)).toList();
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.flip();
    }

    /** An encoder for the frames of an end; its keys differ from frame to frame, but not from encoder to encoder. */
    static FrameEncoder encoder(Role sender) {
        int[] key = {0};
        return sender == Role.SERVER ? FrameEncoder.unmasked() : FrameEncoder.masking(() -> key[0] += 0x9E3779B9);
    }

    /**
     * Returns a text for reports.
     *
     * @return the sender, and a line for each frame
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("from ").append(sender);
        frames.forEach(frame -> text.append("\n  ").append(frame));
        return text.toString();
    }
}
