/** What the flight recorder is told, where there is one. */
@NullMarked
package dev.tenon.ws.conformance.observe;

import org.jspecify.annotations.NullMarked;
