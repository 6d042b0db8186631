/**
 * A backbone over one JetStream stream.
 *
 * <pre>{@code
 * publish -> subject of the topic, Nats-Msg-Id -> stream -> ordered consumer of each node -> Receiver
 *                                                   `-> replay: a consumer that ends at the last message
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.topics.nats;

import org.jspecify.annotations.NullMarked;
