/** Authentication with servers and proxies: challenges and credentials (RFC 7616, RFC 7617). */
@NullMarked
package dev.tenon.ws.client.auth;

import org.jspecify.annotations.NullMarked;
