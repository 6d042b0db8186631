/**
 * Arbitraries, laws and the in-memory wire.
 *
 * <pre>{@code
 * arbitrary value -> connection under test <-> wire: split, delay, cut <-> connection under test -> law
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.testkit;

import org.jspecify.annotations.NullMarked;
