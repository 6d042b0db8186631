package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What lies between the socket of a link and its protocol: nothing, or TLS. For the loop's own thread. */
abstract sealed class Stage permits Plain, Tls {
    /** The socket is connected, or a preamble is over: {@link Link#established()} follows, now or later. */
    abstract void start();

    /** Takes bytes from the socket; hands on what they hold by {@link Link#deliver}. */
    abstract void received(ByteBuffer bytes);

    /** The socket's input has ended. */
    abstract void inputEnded();

    /** The link is not paused any more: what was kept here goes on. */
    abstract void resume();

    /**
     * Sends buffers in order, and borrowed bytes behind them.
     *
     * @param gather used up
     * @param body used up; borrowed until this returns, or null
     * @throws IOException if TLS fails
     */
    abstract void send(Gather gather, @Nullable ByteBuffer body) throws IOException;

    /** Nothing is sent any more: tells the peer so, where the stage has a way to. */
    abstract void closeOutput() throws IOException;

    /** Whether the socket may be read. */
    boolean isReadable() {
        return true;
    }

    /** What TLS has negotiated, or null without TLS. */
    @Nullable
    SSLSession session() {
        return null;
    }
}
