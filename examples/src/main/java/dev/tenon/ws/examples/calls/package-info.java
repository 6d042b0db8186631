/**
 * Requests and replies over one connection, in both directions: each request has an id, and its reply has the same.
 *
 * <pre>
 * Peer.call(body) → Envelope(REQUEST, 7, body) ──► Peer of the other end ──► its handler
 *      future     ◄─ Envelope(REPLY, 7, answer) ◄─────────────────────────────┘
 * </pre>
 */
@NullMarked
package dev.tenon.ws.examples.calls;

import org.jspecify.annotations.NullMarked;
