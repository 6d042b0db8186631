package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Placeholder until the first protocol of a link has been created. */
enum AbsentProtocol implements Protocol {
    INSTANCE;

    @Override
    public void received(ByteBuffer input) {}

    @Override
    public void inputEnded() {}

    @Override
    public void tick(long nowNanos) {}

    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public void closed(@Nullable IOException cause) {}
}
