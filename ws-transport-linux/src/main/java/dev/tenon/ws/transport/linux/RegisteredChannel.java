package dev.tenon.ws.transport.linux;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** A channel of this provider, as its selector sees it. */
interface RegisteredChannel {
    SelectableChannel channel();

    Descriptor descriptor();

    boolean isOpen();

    /** Whether there is something to receive from. */
    boolean isConnected();

    /** The channel's key with a selector, or null if it is registered with none. */
    void registered(@Nullable UringKey key);
}
