package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one end says on a connection: messages, and the frames that carry them. See {@link Frames#messages()}.
 *
 * @param whole each message as if it had been sent in one frame
 * @param frames the frames in order: fragments, pings and pongs among them, a Close frame or none at the end
 */
public record Messages(List<Frame> whole, List<Frame> frames) {
    /**
     * A conversation.
     *
     * @param whole each message as one frame
     * @param frames the frames in order
     */
    public Messages {
        whole = List.copyOf(whole);
        frames = List.copyOf(frames);
    }

    /**
     * The frames as bytes.
     *
     * @param encoder encodes, for the end that sends
     * @return a new buffer that holds them all
     */
    public ByteBuffer encode(FrameEncoder encoder) {
        List<ByteBuffer> parts =
                frames.stream().map(frame -> frame.encode(encoder)).toList();
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.flip();
    }
}
