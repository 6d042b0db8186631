/**
 * Tests with software of others: curl, nginx and HAProxy, and the JDK's clients and HTTP server. Each test starts its peer
 * on 127.0.0.1 and ends it. A test whose peer is not installed is skipped, and names the missing peer.
 */
@NullMarked
package dev.tenon.ws.conformance.peers;

import org.jspecify.annotations.NullMarked;
