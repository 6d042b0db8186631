package dev.tenon.ws.transport.linux;

import org.jspecify.annotations.Nullable;

/** How a channel is closed. */
final class SocketLifetime {
    private SocketLifetime() {}

    /**
     * Closes a channel's descriptor: at once, unless the thread of a selector uses it, which then is woken to do it. The
     * kernel closes the connection when the requests that it has for the socket are cancelled too, by the key's selector.
     */
    static void close(RegisteredChannel channel, @Nullable UringKey key) {
        if (key == null || key.selector().isOwner()) {
            channel.descriptor().close();
        } else {
            key.selector().closedElsewhere(key);
        }
    }
}
