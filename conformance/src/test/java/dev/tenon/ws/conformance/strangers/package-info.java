/** Tests of Tenon with clients and servers of others and with a browser, and of the command line tool as users start it. */
@NullMarked
package dev.tenon.ws.conformance.strangers;

import org.jspecify.annotations.NullMarked;
