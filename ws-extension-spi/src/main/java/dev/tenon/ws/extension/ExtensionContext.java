package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Role;

/**
 * The connection that an extension is opened for.
 *
 * @param role this end's role
 * @param maxMessageLength the longest message that this end takes, in bytes as the application sees them. An extension
 *     that makes messages longer inbound stops with 1009 as soon as one passes it, before it holds more
 * @param thread what this connection shares with the others of its thread
 */
public record ExtensionContext(Role role, long maxMessageLength, ThreadResources thread) {
    /**
     * A context.
     *
     * @param role this end's role
     * @param maxMessageLength the output budget per inbound message, in bytes, 0 or more
     * @param thread what this connection shares with the others of its thread
     * @throws IllegalArgumentException if the budget is negative
     */
    public ExtensionContext {
        if (maxMessageLength < 0) {
            throw new IllegalArgumentException("a message length is not negative: " + maxMessageLength);
        }
    }

    /**
     * The context of a connection that shares nothing with others.
     *
     * @param role this end's role
     * @param maxMessageLength the output budget per inbound message, in bytes, 0 or more
     * @throws IllegalArgumentException if the budget is negative
     */
    public ExtensionContext(Role role, long maxMessageLength) {
        this(role, maxMessageLength, new ThreadResources());
    }
}
