package dev.tenon.ws.topics;

/**
 * Where a subscription begins.
 *
 * @param position the position behind which the subscriber gets everything
 * @param recovered whether this is the position that was resumed from; false for a new subscription, and for a resumed one
 *     whose history is gone: the client must fetch the current state by other means
 */
public record Subscription(Position position, boolean recovered) {}
