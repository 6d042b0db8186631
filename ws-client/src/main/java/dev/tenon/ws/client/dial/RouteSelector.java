package dev.tenon.ws.client.dial;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Iterator;
import java.util.List;

/** The routes to a server, one for each proxy of a selector, in its order. Its methods may block. */
public final class RouteSelector {
    private final ProxySelector selector;
    private final WebSocketUri server;
    private final URI uri;
    private Iterator<Proxy> proxies = List.<Proxy>of().iterator();

    public RouteSelector(ProxySelector selector, WebSocketUri server) {
        this.selector = selector;
        this.server = server;
        this.uri = server.toHttpUri();
    }

    /** Returns the first route; a direct one if the selector returns no proxy. */
    public Route first() throws IOException {
        List<Proxy> selected = selector.select(uri);
        proxies = (selected == null || selected.isEmpty() ? List.of(Proxy.NO_PROXY) : List.copyOf(selected)).iterator();
        return Route.of(server, proxies.next());
    }

    /** Reports an unreachable proxy to the selector and returns the next route. Throws the failure if there is none. */
    public Route next(Route unreachable, IOException failure) throws IOException {
        selector.connectFailed(uri, unreachable.proxy().address(), failure);
        if (!proxies.hasNext()) {
            throw failure;
        }
        return Route.of(server, proxies.next());
    }
}
