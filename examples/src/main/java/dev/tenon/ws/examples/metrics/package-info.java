/** The metrics of a server in Micrometer. */
@NullMarked
package dev.tenon.ws.examples.metrics;

import org.jspecify.annotations.NullMarked;
