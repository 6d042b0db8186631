package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * All that one end says on a connection, and nothing wrong with it: messages in any fragmentation (RFC 6455 §5.4), pings
 * and pongs between any two frames, and a Close frame or none at the end. Immutable. See {@link Frames#sequences}.
 *
 * @param sender the end that says it
 * @param messages each message as if it had been sent in one frame
 * @param frames the frames in order
 */
public record FrameSequence(Role sender, List<Frame> messages, List<Frame> frames) {
    /**
     * A sequence.
     *
     * @param sender the end that says it
     * @param messages each message as one frame
     * @param frames the frames in order
     */
    public FrameSequence {
        messages = List.copyOf(messages);
        frames = List.copyOf(frames);
    }

    /**
     * The frames as they travel, masked if a client sends them, with keys that are always the same.
     *
     * @return a new buffer that holds them all
     */
    public ByteBuffer bytes() {
        return encode(encoder(sender));
    }

    /**
     * The frames as an encoder writes them.
     *
     * @param encoder encodes, for the end that sends
     * @return a new buffer that holds them all
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
     * For people: a line for each frame.
     *
     * @return the sender and the frames
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("from ").append(sender);
        frames.forEach(frame -> text.append("\n  ").append(frame));
        return text.toString();
    }
}
