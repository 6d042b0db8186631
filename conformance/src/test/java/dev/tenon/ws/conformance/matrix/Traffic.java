package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;

/** The bytes of both directions of a connection, as Tenon's end sees them; only the heads if no tap is possible. */
final class Traffic implements WireTap {
    final FrameLog received = new FrameLog();
    final FrameLog sent = new FrameLog();
    /** Whether a tap reads the frames. */
    final boolean isTapped;

    Traffic() {
        isTapped = true;
    }

    private Traffic(String sentHead, String receivedHead) {
        isTapped = false;
        sent.add(ByteBuffer.wrap((sentHead + "\r\n\r\n").getBytes(ISO_8859_1)));
        received.add(ByteBuffer.wrap((receivedHead + "\r\n\r\n").getBytes(ISO_8859_1)));
    }

    /**
     * Returns the traffic of a connection in a stream. Only the start line and the extensions of both heads are known.
     */
    static Traffic untapped(String sentHead, String receivedHead) {
        return new Traffic(sentHead, receivedHead);
    }

    @Override
    public void received(ByteBuffer bytes) {
        received.add(bytes);
    }

    @Override
    public void sent(ByteBuffer bytes) {
        sent.add(bytes);
    }
}
