package dev.tenon.ws.transport.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes the descriptors of channels, or one direction of them. */
final class SocketLifetime {
    private SocketLifetime() {}

    /**
     * Closes a channel's descriptor. If the channel is registered with a selector of another thread, this method wakes
     * that selector, whose thread closes the descriptor. The kernel closes the connection only after the selector has
     * also cancelled the requests for the socket.
     */
    static void close(RegisteredChannel channel, @Nullable UringKey key) {
        if (key == null) {
            channel.descriptor().close();
        } else if (key.selector().isOwner()) {
            key.closeDescriptor();
        } else {
            key.selector().closedElsewhere(key);
        }
    }

    /**
     * Ends the registration of a channel. If another thread closes the channel and still sees the key, it leaves the
     * descriptor to this method.
     */
    static void letGo(RegisteredChannel channel) {
        channel.registered(null);
        if (!channel.isOpen()) {
            channel.descriptor().close();
        }
    }

    /** Closes a channel that is no longer registered. */
    static void close(RegisteredChannel channel) {
        try {
            channel.channel().close();
        } catch (IOException closed) {
            // the descriptor is closed all the same
        }
    }

    /** Ends the outbound direction of a channel that is no longer registered. */
    static void endOutput(Descriptor descriptor) {
        try {
            descriptor.shutdown(Descriptor.SHUT_WR);
        } catch (IOException ended) {
            // the whole connection has ended, so that no end of a direction is due
        }
    }
}
