package dev.tenon.ws.server;

import java.util.concurrent.CompletionStage;

/** Accepts and refuses the clients that connect to a WebSocket route. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Accepts or refuses an opening handshake. Called on an event loop, which it must not block, or on the {@linkplain
     * RouteOptions#executor route's executor}, where it may.
     *
     * <pre>{@code
     * upgrade -> upgrade.accept(new Chat())                                  // at once
     * upgrade -> users.byTicket(upgrade.pathParameter("ticket"))             // when the user is known
     *         .thenApply(user -> upgrade.accept(new Member(user)))
     * }</pre>
     *
     * @param upgrade the request; {@linkplain Exchange#whenCancelled cancelled} when its client leaves
     * @return what {@link UpgradeExchange#accept} or {@link UpgradeExchange#refuse} returns, or a stage of it, which may
     *     complete on any thread
     * @throws Exception to refuse: a {@link dev.tenon.ws.handshake.HandshakeException} with the response that it carries,
     *     anything else with 500. The same holds for a stage that fails
     */
    CompletionStage<UpgradeResponse> upgrade(UpgradeExchange upgrade) throws Exception;
}
