/** A chat on two processes behind HAProxy, with NATS between them: {@code examples/cluster/run}. */
@NullMarked
package dev.tenon.ws.examples.cluster;

import org.jspecify.annotations.NullMarked;
