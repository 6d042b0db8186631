package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, in the words of a browser's {@code CloseEvent}, and why.
 *
 * @param code the code that the peer's Close frame held, 1005 if it held none, 1006 if none came; if this end failed
 *     the connection, the code that says why, which it sent unless it had sent a Close frame before
 * @param reason the reason beside that code, often empty
 * @param wasClean whether Close frames went both ways
 * @param cause what went wrong, or null if nothing did: a {@link dev.tenon.ws.frame.ProtocolException} for a peer that
 *     broke the protocol, an {@link java.io.IOException} for the transport, or for messages that were lost, a
 *     {@link ListenerException} for a listener that has thrown, or what an extension has thrown
 */
public record CloseEvent(
        CloseCode code,
        String reason,
        boolean wasClean,
        @Nullable Throwable cause) {}
