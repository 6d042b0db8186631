/** The conformance suite against servers of other projects: it runs to its end, and finds what is to be found. */
@NullMarked
package dev.tenon.ws.conformance.suite;

import org.jspecify.annotations.NullMarked;
