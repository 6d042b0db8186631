/** When to connect again: back-off, and what a server asks for. */
@NullMarked
package dev.tenon.ws.client.reconnect;

import org.jspecify.annotations.NullMarked;
