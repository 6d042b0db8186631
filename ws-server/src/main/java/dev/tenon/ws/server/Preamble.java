package dev.tenon.ws.server;

import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a connection sends before its protocol begins, however it is split. Deadlines and the end of the connection are
 * those of the protocol that follows.
 */
abstract class Preamble implements Protocol {
    /** The protocol that follows. */
    final Protocol next;

    /** All that has arrived, up to the position. */
    private ByteBuffer arrived = ByteBuffer.allocate(0);

    Preamble(Protocol next) {
        this.next = next;
    }

    /**
     * Called with all that has arrived so far, from index 0 on, each time more has arrived. It does nothing until that is
     * enough, and must limit how much is enough.
     */
    abstract void read(ByteBuffer received);

    @Override
    public final void received(ByteBuffer input) {
        if (arrived.remaining() < input.remaining()) {
            int length = Math.max(arrived.position() + input.remaining(), 2 * arrived.capacity());
            arrived = ByteBuffer.allocate(length).put(arrived.flip());
        }
        read(arrived.put(input).duplicate().flip());
    }

    @Override
    public void inputEnded() {
        next.inputEnded();
    }

    @Override
    public final void tick(long nowNanos) {
        next.tick(nowNanos);
    }

    @Override
    public final long nextDeadline() {
        return next.nextDeadline();
    }

    @Override
    public final void drain() {
        next.drain();
    }

    @Override
    public final void closed(@Nullable IOException cause) {
        next.closed(cause);
    }
}
