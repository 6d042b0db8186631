/** Codecs and transports of others and of Tenon, held to the laws of the testkit. */
@NullMarked
package dev.tenon.ws.examples.laws;

import org.jspecify.annotations.NullMarked;
