package dev.tenon.ws.server;

import dev.tenon.ws.handshake.TrustedProxies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes {@link HostedRoutes}: the routes, and the settings that hold for all of them. Not thread-safe. */
public final class HostedRoutesBuilder extends RouteBuilder<HostedRoutesBuilder> {
    private @Nullable HostPolicy hosts;
    private TrustedProxies proxies = TrustedProxies.none();

    HostedRoutesBuilder() {}

    @Override
    HostedRoutesBuilder self() {
        return this;
    }

    /**
     * Sets the hosts that requests may name, see {@link WebSocketServerBuilder#hosts}.
     *
     * @param hosts names such as {@code example.com}, {@code *.example.com} for all below, {@code *} for any
     * @return this
     * @throws IllegalArgumentException if one is not a name
     */
    public HostedRoutesBuilder hosts(String... hosts) {
        this.hosts = HostPolicy.of(List.of(hosts));
        return this;
    }

    /**
     * Sets the reverse proxies that are believed when they say who a client is.
     *
     * @param proxies the proxies; none by default
     * @return this
     */
    public HostedRoutesBuilder trustedProxies(TrustedProxies proxies) {
        this.proxies = proxies;
        return this;
    }

    /**
     * Not supported: a host sends whole responses, and files may be longer than memory.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public HostedRoutesBuilder files(String path, StaticFiles files) {
        throw new UnsupportedOperationException("a host of routes sends whole responses, not files");
    }

    /**
     * The routes.
     *
     * @return routes that do not change any more
     */
    public HostedRoutes build() {
        return new HostedRoutes(router(() -> true), hosts, proxies);
    }
}
