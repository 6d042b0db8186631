/** What a server publishes to many clients with different extensions. */
@NullMarked
package dev.tenon.ws.conformance.broadcast;

import org.jspecify.annotations.NullMarked;
