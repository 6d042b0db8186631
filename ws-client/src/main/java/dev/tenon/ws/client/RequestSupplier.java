package dev.tenon.ws.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Creates the request of each connect of a {@link ReconnectingWebSocket}, for example with a new access token. */
@FunctionalInterface
public interface RequestSupplier {
    /**
     * Makes the next request. It may block: it is called on the client's {@linkplain ConnectSettings#executor executor},
     * interrupted when its answer is not wanted any more, and has the client's {@linkplain ConnectSettings#timeout overall
     * timeout}.
     *
     * @param last why there is no connection; null for the first request
     * @return where to, and what to ask for
     * @throws IOException if there is none now: that counts as a connect that has failed, and is tried again as the policy
     *     says
     * @throws InterruptedException if it was interrupted
     */
    ConnectRequest next(@Nullable Disconnect last) throws IOException, InterruptedException;
}
