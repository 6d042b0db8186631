/**
 * Tenon's client behind the WebSocket interfaces of {@code java.net.http}. Begin with {@link
 * dev.tenon.ws.client.jdk.JdkWebSockets}, which lists the differences from the JDK's client.
 */
@NullMarked
package dev.tenon.ws.client.jdk;

import org.jspecify.annotations.NullMarked;
