package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** The attachment of every selection key of an {@link EventLoop}: handles the readiness of one channel. */
interface SelectionHandler {
    /** The channel is ready for one or more of the operations that its key names. */
    void ready(SelectionKey key) throws IOException;

    /** Code called by {@link #ready} has thrown, or the channel has failed: end it. */
    void failed(Throwable cause);

    /** The loop is about to stop: end in good order. */
    void drain();
}
