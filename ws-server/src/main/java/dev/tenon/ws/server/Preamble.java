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

    private ByteBuffer received = ByteBuffer.allocate(0);

    Preamble(Protocol next) {
        this.next = next;
    }

    /**
     * Called with all that has arrived so far, each time more has arrived. It does nothing until that is enough, and must
     * limit how much is enough.
     */
    abstract void read(ByteBuffer received);

    @Override
    public final void received(ByteBuffer input) {
        received = ByteBuffer.allocate(received.remaining() + input.remaining())
                .put(received)
                .put(input)
                .flip();
        read(received);
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
