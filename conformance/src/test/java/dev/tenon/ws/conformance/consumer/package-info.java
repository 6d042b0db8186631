/** Tenon as its users get it: packaged, through the BOM, one piece at a time. */
@NullMarked
package dev.tenon.ws.conformance.consumer;

import org.jspecify.annotations.NullMarked;
