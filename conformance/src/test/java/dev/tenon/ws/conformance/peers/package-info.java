/**
 * Peers that others have written: curl, nginx and HAProxy, and the JDK's clients and HTTP server. Whatever runs here runs
 * on 127.0.0.1, is started by its test and ended by it; a peer that is not installed is said by name and left out.
 */
@NullMarked
package dev.tenon.ws.conformance.peers;

import org.jspecify.annotations.NullMarked;
