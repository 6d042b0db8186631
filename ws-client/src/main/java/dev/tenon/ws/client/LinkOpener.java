package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.client.auth.AuthExchange;
import dev.tenon.ws.client.dial.Addresses;
import dev.tenon.ws.client.dial.HappyEyeballs;
import dev.tenon.ws.client.dial.Route;
import dev.tenon.ws.client.dial.RouteSelector;
import dev.tenon.ws.client.step.ConnectLink;
import dev.tenon.ws.client.step.KeyedSemaphore;
import dev.tenon.ws.client.step.Nanos;
import dev.tenon.ws.client.step.Permits;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Opens a link to a server, ready for the opening handshake. It tries one route after the other, each with the steps
 * route, addresses, TLS engine, permit, TCP, tunnel and TLS of the {@link StepRunner}. It has at most one link.
 */
final class LinkOpener {
    /**
     * Limits connects to a server (RFC 6455 §4.1, point 2), by host and port: the key is the same with and without a
     * proxy, and two services behind the address of one load balancer do not wait for each other. All clients of the
     * process share it.
     */
    static final KeyedSemaphore<String> HOSTS = new KeyedSemaphore<>();

    private final ClientContext client;
    private final ConnectOptions options;
    private final StepRunner runner;
    private final Permits permits;
    private final Handlers handlers;
    private final WebSocketUri uri;
    private final @Nullable WireTap tap;
    private final Consumer<ConnectLink> opened;

    private @Nullable RouteSelector routes;
    private @Nullable AuthExchange proxyAuth;
    private KeyedSemaphore<String>.@Nullable Permit permit;
    private @Nullable SSLEngine engine;
    private @Nullable ConnectLink link;

    LinkOpener(
            ClientContext client,
            ConnectOptions options,
            StepRunner runner,
            Permits permits,
            WebSocketUri uri,
            @Nullable WireTap tap,
            Consumer<ConnectLink> opened) {
        this.client = client;
        this.options = options;
        this.runner = runner;
        this.permits = permits;
        this.handlers = new Handlers(options, runner);
        this.uri = uri;
        this.tap = tap;
        this.opened = opened;
    }

    void start() {
        Path local = options.unixSocket;
        if (local != null) {
            prepareTls(new Route(uri, Proxy.NO_PROXY), List.of(UnixDomainSocketAddress.of(local)));
            return;
        }
        ProxySelector selector = options.proxies;
        if (selector == null) {
            tryRoute(new Route(uri, Proxy.NO_PROXY));
            return;
        }
        RouteSelector all = new RouteSelector(selector, uri);
        routes = all;
        handlers.call("the proxy selector", uri.host(), all::first, this::tryRoute);
    }

    private void tryRoute(Route route) {
        Authenticator authenticator = options.authenticator;
        proxyAuth = route.isDirect() || authenticator == null
                ? null
                : AuthExchange.proxy(authenticator, options.authPolicy, client.credentials(), route);
        resolve(route);
    }

    private void resolve(Route route) {
        InetAddress known = route.knownAddress();
        if (known != null) {
            located(route, List.of(known));
            return;
        }
        handlers.call(
                "the address of " + route.host(),
                route.host(),
                options.resolveTimeout,
                () -> List.copyOf(
                        requireNonNull(options.resolver.resolve(route.host()), "the resolver has returned null")),
                addresses -> located(route, addresses),
                failure -> routeFailed(route, failure));
    }

    private void located(Route route, List<InetAddress> addresses) {
        List<InetSocketAddress> ordered = Addresses.interleaved(addresses).stream()
                .map(address -> new InetSocketAddress(address, route.port()))
                .toList();
        List<InetSocketAddress> allowed = ordered.stream()
                .filter(address -> options.addressFilter.allows(route.host(), address))
                .toList();
        if (ordered.isEmpty()) {
            routeFailed(route, new UnknownHostException(route.host()));
        } else if (allowed.isEmpty()) {
            routeFailed(route, rejected(route.host(), ordered.get(0)));
        } else {
            requireServerAllowed(route, () -> prepareTls(route, allowed));
        }
    }

    private static AddressRejectedException rejected(String host, InetSocketAddress address) {
        return new AddressRejectedException("the address filter does not allow "
                + address.getAddress().getHostAddress() + ", the address of " + host);
    }

    /** The client does not ask a proxy for an address that it may not connect to itself. */
    private void requireServerAllowed(Route route, Runnable then) {
        if (!route.isDirect()) {
            for (InetAddress reading : Addresses.readings(uri.host())) {
                InetSocketAddress address = new InetSocketAddress(reading, uri.port());
                if (!options.addressFilter.allows(uri.host(), address)) {
                    runner.fail(rejected(uri.host(), address));
                    return;
                }
            }
        }
        then.run();
    }

    /** Creates the TLS engine on an executor, because that may read files, and calls the user's code. */
    private void prepareTls(Route route, List<? extends SocketAddress> addresses) {
        if (!uri.secure()) {
            awaitPermit(route, addresses);
            return;
        }
        handlers.call(
                "the TLS context",
                uri.host(),
                options.handshakeTimeout,
                () -> options.tls.engine(uri),
                created -> {
                    engine = created;
                    awaitPermit(route, addresses);
                },
                runner::fail);
    }

    /** A connect without a limit holds no permit, because it may hang for ever, and others would wait for it. */
    private void awaitPermit(Route route, List<? extends SocketAddress> addresses) {
        if (options.connectsPerHost == Integer.MAX_VALUE) {
            dial(route, addresses);
            return;
        }
        String what = "its turn to connect to " + route.authority() + " (RFC 6455 §4.1, see connectsPerHost)";
        runner.run(permits.request(HOSTS, route.authority(), options.connectsPerHost, what), Nanos.FOREVER, granted -> {
            permit = granted;
            dial(route, addresses);
        });
    }

    private void dial(Route route, List<? extends SocketAddress> addresses) {
        runner.run(
                new HappyEyeballs(runner, options.stagger, route.toString(), addresses, client.registry()::opened),
                options.connectTimeout,
                connected -> connected(route, connected),
                failure -> routeFailed(route, failure));
    }

    /** Reports an unreachable proxy to the selector and gets the next one. */
    private void routeFailed(Route route, Throwable cause) {
        close();
        RouteSelector selector = routes;
        if (route.isDirect() || selector == null || !(cause instanceof IOException failure)) {
            runner.fail(cause);
            return;
        }
        handlers.call("the proxy selector", uri.host(), () -> selector.next(route, failure), this::tryRoute);
    }

    private void connected(Route route, Link raw) {
        ConnectLink connected = new ConnectLink(raw, runner);
        link = connected;
        ProxyTunnel tunnel =
                new ProxyTunnel(options, runner, route, proxyAuth, this::secure, this::close, () -> resolve(route));
        switch (route.proxy().type()) {
            case DIRECT -> secure(connected);
            case HTTP -> tunnel.openByHttp(connected);
            case SOCKS -> tunnel.openBySocks(connected);
        }
    }

    private void secure(ConnectLink connected) {
        SSLEngine tls = engine;
        String what = "the TLS handshake with " + Route.authority(uri);
        runner.run(connected.secure(tls, tap, what), options.handshakeTimeout, secured -> {
            if (tls != null) {
                options.tls.verify(uri, tls);
            }
            opened.accept(connected);
        });
    }

    /** Closes the link, unless it was handed over, and releases the permit. */
    void close() {
        if (link != null) {
            link.close();
            link = null;
        }
        if (permit != null) {
            permits.release(permit);
            permit = null;
        }
    }
}
