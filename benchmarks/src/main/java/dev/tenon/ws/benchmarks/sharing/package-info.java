/** What threads cost each other by the memory and the locks that they share. */
@NullMarked
package dev.tenon.ws.benchmarks.sharing;

import org.jspecify.annotations.NullMarked;
