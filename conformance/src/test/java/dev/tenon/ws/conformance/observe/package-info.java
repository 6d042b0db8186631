/** The events that the JDK's flight recorder gets, on a JDK that has it. */
@NullMarked
package dev.tenon.ws.conformance.observe;

import org.jspecify.annotations.NullMarked;
