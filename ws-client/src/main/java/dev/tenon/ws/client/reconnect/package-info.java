/** Decides when to connect again: back-off and {@code Retry-After}. */
@NullMarked
package dev.tenon.ws.client.reconnect;

import org.jspecify.annotations.NullMarked;
