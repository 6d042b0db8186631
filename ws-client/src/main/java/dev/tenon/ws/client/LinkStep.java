package dev.tenon.ws.client;

import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A step that speaks over a link. It ends in exactly one call: of what follows on success, or of {@code failed}. */
abstract class LinkStep implements Protocol, Step {
    final Link link;
    private final Consumer<IOException> failed;
    private boolean over;

    LinkStep(Link link, Consumer<IOException> failed) {
        this.link = link;
        this.failed = failed;
    }

    /** Marks the success of this step: the link is somebody else's from now on. */
    final void done() {
        over = true;
    }

    final boolean isOver() {
        return over;
    }

    final void fail(IOException cause) {
        if (!over) {
            cancel();
            failed.accept(cause);
        }
    }

    @Override
    public final void cancel() {
        if (!over) {
            over = true;
            link.close(null);
            cancelled();
        }
    }

    /** Frees what this step holds beside its link. */
    void cancelled() {}

    @Override
    public void inputEnded() {
        fail(new EOFException("the connection was ended by the other side, instead of " + waitsFor()));
    }

    @Override
    public final void closed(@Nullable IOException cause) {
        if (cause == null) {
            fail(new EOFException("the connection was closed, instead of " + waitsFor()));
        } else if (cause instanceof SSLException) { // has an explanation of its own
            fail(cause);
        } else {
            fail(new IOException("instead of " + waitsFor() + ": " + cause.getMessage(), cause));
        }
    }

    @Override
    public void tick(long nowNanos) {}
}
