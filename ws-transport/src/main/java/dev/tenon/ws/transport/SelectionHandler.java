package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** The attachment of every selection key of an {@link EventLoop}: handles the readiness of one channel. */
interface SelectionHandler {
    /** The channel is ready for one or more of the operations that its key names. */
    void ready(SelectionKey key) throws IOException;

    /** {@link #ready} has thrown, or the channel has failed. The handler must close the channel. */
    void failed(Throwable cause);

    /** The loop stops. The handler must end gracefully. */
    void drain();
}
