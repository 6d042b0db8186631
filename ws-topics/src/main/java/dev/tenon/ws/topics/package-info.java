/**
 * Topics over connections of any transport.
 *
 * <pre>{@code
 *                                        one queue and one task per executor
 * publish -> Topic (lock: one order) -+-> SubscriberGroup -> subscriber 1: all messages of the turn
 *                                     |                   -> subscriber 2: all messages of the turn
 *                                     `-> SubscriberGroup -> ...
 *
 * ClusterTopics -> Backbone -> Room of each node -> Topic
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.topics;

import org.jspecify.annotations.NullMarked;
