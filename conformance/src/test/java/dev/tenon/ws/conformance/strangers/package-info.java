/** Tenon beside what others have written: their clients, their servers, a browser, and the tool as its users start it. */
@NullMarked
package dev.tenon.ws.conformance.strangers;

import org.jspecify.annotations.NullMarked;
