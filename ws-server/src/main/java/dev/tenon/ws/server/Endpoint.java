package dev.tenon.ws.server;

import java.util.concurrent.CompletionStage;

/** Decides, request by request, who gets a connection at a route. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Accepts or refuses an opening handshake. Called on an event loop, which it must not block, or on the {@linkplain
     * RouteOptions#executor route's executor}, where it may.
     *
     * <pre>{@code
     * upgrade -> upgrade.accept(new Chat())                                  // at once
     * upgrade -> users.bySession(upgrade.cookie("sid"))                      // whenever it is known
     *         .thenApply(user -> upgrade.accept(new Member(user)))
     * }</pre>
     *
     * @param upgrade the request; {@linkplain Exchange#whenCancelled cancelled} when its client leaves
     * @return {@link UpgradeExchange#accept} or {@link UpgradeExchange#refuse}, or a stage of one of them, to be completed
     *     on any thread
     * @throws Exception to refuse: a {@link dev.tenon.ws.handshake.HandshakeException} with the response that it carries,
     *     anything else with 500. The same holds for a stage that fails
     */
    CompletionStage<UpgradeResponse> upgrade(UpgradeExchange upgrade) throws Exception;
}
