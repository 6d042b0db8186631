package dev.tenon.ws.transport.linux;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** The view that a selector has of a channel of this provider. */
interface RegisteredChannel {
    SelectableChannel channel();

    Descriptor descriptor();

    boolean isOpen();

    /** Whether the channel is connected to a peer, so that it can receive. */
    boolean isConnected();

    /** Sets the channel's key, or null if the channel is not registered with a selector. */
    void registered(@Nullable UringKey key);
}
