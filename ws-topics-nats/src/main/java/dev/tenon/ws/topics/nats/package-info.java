/**
 * A backbone over one JetStream stream, and presence over two others.
 *
 * <pre>{@code
 * publish -> subject of the topic, Nats-Msg-Id -> stream -> ordered consumer of each node -> Receiver
 *                                                   `-> replay: a consumer that ends at the last message
 *
 * enter, leave -> subject of topic, node and member -> PresenceView of each watch -> Watcher
 * beat -> subject of the node -> LiveNodes of each node ---^
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.topics.nats;

import org.jspecify.annotations.NullMarked;
