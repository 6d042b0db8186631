package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;

/** Two taps on one wire. */
record Tee(WireTap first, WireTap second) implements WireTap {
    @Override
    public void received(ByteBuffer bytes) {
        first.received(bytes.duplicate());
        second.received(bytes);
    }

    @Override
    public void sent(ByteBuffer bytes) {
        first.sent(bytes.duplicate());
        second.sent(bytes);
    }
}
