package dev.tenon.ws.topics;

/**
 * The beginning of a subscription.
 *
 * @param position the position behind which the subscriber receives all messages
 * @param recovered whether this is the position from which the client has resumed; false for a new subscription, and if
 *     the history does not reach back: then the client must fetch the current state by other means
 */
public record Subscription(Position position, boolean recovered) {}
