/** The code in README.md, compiled and run. */
@NullMarked
package dev.tenon.ws.conformance.readme;

import org.jspecify.annotations.NullMarked;
