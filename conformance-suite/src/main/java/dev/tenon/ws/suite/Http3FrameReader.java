package dev.tenon.ws.suite;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Splits the bytes of a stream into frames of HTTP/3. The content of DATA is passed on as it comes. Not thread-safe. */
final class Http3FrameReader {
    private static final long LONGEST = 1 << 20;

    /** Receives the frames of a stream. */
    interface Output {
        void data(byte[] content);

        void frame(Http3Frame frame) throws IOException;
    }

    private final Output output;
    private byte[] rest = new byte[0];
    /** How many bytes of a DATA frame are still to come. */
    private long dataLeft;

    Http3FrameReader(Output output) {
        this.output = output;
    }

    /** Takes the next bytes; throws if a frame is malformed. */
    void read(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(rest.length == 0 ? bytes : Octets.join(rest, bytes));
        boolean complete = true;
        while (complete && in.hasRemaining()) {
            complete = dataLeft > 0 ? data(in) : frame(in);
        }
        rest = new byte[in.remaining()];
        in.get(rest);
    }

    private boolean data(ByteBuffer in) {
        byte[] content = new byte[(int) Math.min(dataLeft, in.remaining())];
        in.get(content);
        dataLeft -= content.length;
        output.data(content);
        return true;
    }

    /** Reads a frame, or returns false and reads nothing if it is not complete. */
    private boolean frame(ByteBuffer in) throws IOException {
        int begin = in.position();
        long type = VarInt.read(in);
        long length = type < 0 ? -1 : VarInt.read(in);
        if (length >= 0 && type == Http3Frame.DATA) {
            dataLeft = length;
            return true;
        }
        if (length > LONGEST) {
            throw new IOException("the peer has announced a frame of " + length + " bytes");
        }
        if (length < 0 || in.remaining() < length) {
            in.position(begin);
            return false;
        }
        byte[] payload = new byte[(int) length];
        in.get(payload);
        output.frame(new Http3Frame(type, payload));
        return true;
    }

    /** Whether the stream may end here (RFC 9114 §7.1). */
    boolean isBetweenFrames() {
        return dataLeft == 0 && rest.length == 0;
    }
}
