package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;

/** Both directions of a connection, as Tenon's end of it sees them. */
final class Traffic implements WireTap {
    final FrameLog received = new FrameLog();
    final FrameLog sent = new FrameLog();

    @Override
    public void received(ByteBuffer bytes) {
        received.add(bytes);
    }

    @Override
    public void sent(ByteBuffer bytes) {
        sent.add(bytes);
    }
}
