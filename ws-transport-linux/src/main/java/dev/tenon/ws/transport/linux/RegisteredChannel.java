package dev.tenon.ws.transport.linux;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** The view that a selector has of a channel of this provider, which is a {@link SelectableChannel}. */
interface RegisteredChannel {
    default SelectableChannel channel() {
        return (SelectableChannel) this;
    }

    Descriptor descriptor();

    boolean isOpen();

    /** Whether the channel is connected to a peer, so that it can receive. */
    default boolean isConnected() {
        return false;
    }

    /** Sets the channel's key, or null if the channel is not registered with a selector. */
    void registered(@Nullable UringKey key);
}
