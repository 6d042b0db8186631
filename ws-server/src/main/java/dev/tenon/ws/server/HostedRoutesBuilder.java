package dev.tenon.ws.server;

import java.util.concurrent.atomic.AtomicBoolean;

/** Builds {@link HostedRoutes}: the routes, and the settings that all of them have. Not thread-safe. */
public final class HostedRoutesBuilder extends RouteBuilder<HostedRoutesBuilder> {
    HostedRoutesBuilder() {}

    @Override
    HostedRoutesBuilder self() {
        return this;
    }

    /**
     * Builds the routes.
     *
     * @return routes that later calls of this builder do not change
     */
    public HostedRoutes build() {
        AtomicBoolean ready = new AtomicBoolean(true);
        return new HostedRoutes(router(ServerState.of(ready::get)), hostPolicy(), proxies(), ready);
    }
}
