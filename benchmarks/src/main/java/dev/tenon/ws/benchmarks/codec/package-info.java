/** The frame codec beside those of other libraries, and the masking loops to choose from. */
@NullMarked
package dev.tenon.ws.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
