package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/**
 * How and why a connection ended. The first three components have the names of a browser's {@code CloseEvent}.
 *
 * @param code the code of the peer's Close frame, 1005 if the frame had no code, 1006 if no Close frame arrived. If
 *     this end failed the connection, the code of that failure; this end has sent that code unless it had sent a Close
 *     frame before
 * @param reason the reason that belongs to the code, often empty
 * @param wasClean whether both ends sent Close frames
 * @param cause what went wrong, or null if nothing went wrong: a {@link dev.tenon.ws.frame.ProtocolException} if the
 *     peer broke the protocol, an {@link java.io.IOException} if the transport failed or messages were lost, a {@link
 *     ListenerException} if a listener has thrown, or the exception of an extension
 */
public record CloseEvent(
        CloseCode code,
        String reason,
        boolean wasClean,
        @Nullable Throwable cause) {}
