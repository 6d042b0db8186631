/** Opens TCP connections to the host of a URI, directly or through proxies. */
@NullMarked
package dev.tenon.ws.client.dial;

import org.jspecify.annotations.NullMarked;
