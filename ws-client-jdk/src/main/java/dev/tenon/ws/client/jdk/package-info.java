/**
 * Tenon's client behind the WebSocket interfaces of {@code java.net.http}: {@link dev.tenon.ws.client.jdk.JdkWebSockets}
 * is where to begin, and says where it differs from the JDK's own.
 */
@NullMarked
package dev.tenon.ws.client.jdk;

import org.jspecify.annotations.NullMarked;
