package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes in the clear: the stage hands everything on as it is. */
final class Plain extends Stage {
    private final Link link;

    Plain(Link link) {
        this.link = link;
    }

    @Override
    void start() {
        link.established();
    }

    @Override
    void received(ByteBuffer bytes) {
        link.deliver(bytes);
    }

    @Override
    void inputEnded() {
        link.deliverEnd();
    }

    @Override
    void resume() {}

    @Override
    void send(Gather gather, @Nullable ByteBuffer body) {
        link.output().send(gather, body);
    }

    @Override
    void closeOutput() {}
}
