package dev.tenon.ws.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Creates the request of each connect of a {@link ReconnectingWebSocket}, for example with a new access token. */
@FunctionalInterface
public interface RequestSupplier {
    /**
     * Creates the next request. It may block: it is called on the client's {@linkplain ConnectSettings#executor
     * executor}, interrupted when its result is no longer needed, and limited by the client's {@linkplain
     * ConnectSettings#timeout overall timeout}.
     *
     * @param last the last disconnect; null for the first request
     * @return the request
     * @throws IOException if the request cannot be created now; that counts as a failed connect, and the policy decides
     *     about another attempt
     * @throws InterruptedException if it was interrupted
     */
    ConnectRequest next(@Nullable Disconnect last) throws IOException, InterruptedException;
}
