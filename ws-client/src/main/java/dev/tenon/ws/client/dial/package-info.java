/** From a URI to a TCP connection, through proxies, on which TLS or the opening handshake can be spoken. */
@NullMarked
package dev.tenon.ws.client.dial;

import org.jspecify.annotations.NullMarked;
