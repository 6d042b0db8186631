package dev.tenon.ws.server;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * An endpoint's decision on an {@link UpgradeExchange}, made by {@link UpgradeExchange#accept} or {@code refuse}. It is a
 * completed stage of itself, so that an {@link Endpoint} can return it at once or as the result of a stage. Immutable,
 * except for the listener.
 */
public sealed interface UpgradeResponse extends CompletionStage<UpgradeResponse> permits DecidedUpgrade {
    /**
     * Returns this decision with one more header, in the 101 or in the refusal.
     *
     * @param name for example {@code Set-Cookie} or {@code Retry-After}
     * @param value its value
     * @return a new response
     * @throws IllegalArgumentException if the name is not a token, or the value has a line break or a control character
     */
    UpgradeResponse withHeader(String name, String value);

    /**
     * Returns this decision with a subprotocol of the endpoint's choice.
     *
     * @param name one that the client offers, or the empty string for none
     * @return a new response
     * @throws IllegalArgumentException if the client does not offer it
     * @throws IllegalStateException if this is a refusal
     */
    UpgradeResponse withSubprotocol(String name);

    /**
     * Returns this decision with an executor on which the listener is called.
     *
     * @param executor as in {@link RouteSettings#executor}; {@code Runnable::run} calls it on the event loop,
     *     whatever the route's executor is
     * @return a new response
     * @throws IllegalStateException if this is a refusal
     */
    UpgradeResponse withExecutor(Executor executor);
}
