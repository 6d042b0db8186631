package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Role;

/**
 * The connection that an extension is opened for.
 *
 * @param role this end's role
 * @param maxMessageLength the longest message that this end accepts, in bytes as the application receives them. An
 *     inbound stage that makes messages longer, such as a decompressor, fails with 1009 as soon as one exceeds this
 *     length, before it allocates more
 * @param thread the resources that all connections of the thread share
 */
public record ExtensionContext(Role role, long maxMessageLength, ThreadResources thread) {
    /**
     * A context.
     *
     * @param role this end's role
     * @param maxMessageLength the longest inbound message, in bytes, 0 or more
     * @param thread the resources that all connections of the thread share
     * @throws IllegalArgumentException if the length is negative
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
     * @param maxMessageLength the longest inbound message, in bytes, 0 or more
     * @throws IllegalArgumentException if the length is negative
     */
    public ExtensionContext(Role role, long maxMessageLength) {
        this(role, maxMessageLength, new ThreadResources());
    }
}
