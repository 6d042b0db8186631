/**
 * Tenon with its defaults beside other implementations with theirs; the table in {@code docs/interop.md} is what the tests see.
 *
 * <pre>
 *   Peers ── Peer (an echo) ──┐
 *                             ├── PeerConnection ── Scenario ── Row ── InteropPage (docs/interop.md)
 *   TenonServer, TenonClient ─┘
 * </pre>
 */
@NullMarked
package dev.tenon.ws.conformance.matrix;

import org.jspecify.annotations.NullMarked;
