/** What is promised when peers, listeners and the machine misbehave, and the proof of it. */
@NullMarked
package dev.tenon.ws.conformance.faults;

import org.jspecify.annotations.NullMarked;
