/** A cluster of real processes, which are killed and stopped. */
@NullMarked
package dev.tenon.ws.conformance.cluster;

import org.jspecify.annotations.NullMarked;
