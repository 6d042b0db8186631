package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to connect. The same methods set the defaults of a client ({@link WebSocketClient.Builder}) and what one connect does
 * differently ({@link ConnectRequest#with}). Not thread-safe.
 *
 * @param <S> the type of the settings themselves
 */
public abstract sealed class ConnectSettings<S extends ConnectSettings<S>> extends ConnectTimeouts<S>
        permits WebSocketClient.Builder, ConnectOptions {
    ConnectionOptions options = ConnectionOptions.DEFAULT;

    @Nullable
    Extensions extensions;

    ClientTls tls = ClientTls.platform();
    Resolver resolver = Resolver.system();
    AddressFilter addressFilter = AddressFilter.ANY;

    @Nullable
    Executor executor;

    @Nullable
    Executor listenerExecutor;

    @Nullable
    ProxySelector proxies = ProxySelector.getDefault();

    Headers proxyHeaders = Headers.empty();

    @Nullable
    CookieHandler cookies;

    @Nullable
    Authenticator authenticator;

    AuthPolicy authPolicy = AuthPolicy.ANY;
    RedirectPolicy redirects = RedirectPolicy.NONE;

    @Nullable
    String userAgent = UserAgent.DEFAULT;

    int connectsPerHost = 1;
    HeadLimits responseLimits = HeadLimits.RESPONSES;

    ConnectSettings() {}

    /** Takes all settings from others. */
    final void copyFrom(ConnectSettings<?> other) {
        copyTimeoutsFrom(other);
        options = other.options;
        extensions = other.extensions;
        tls = other.tls;
        resolver = other.resolver;
        addressFilter = other.addressFilter;
        executor = other.executor;
        listenerExecutor = other.listenerExecutor;
        proxies = other.proxies;
        proxyHeaders = other.proxyHeaders;
        cookies = other.cookies;
        authenticator = other.authenticator;
        authPolicy = other.authPolicy;
        redirects = other.redirects;
        userAgent = other.userAgent;
        connectsPerHost = other.connectsPerHost;
        responseLimits = other.responseLimits;
    }

    /**
     * Sets the limits and deadlines of the open connection.
     *
     * @param options the options; {@link ConnectionOptions#DEFAULT} by default
     * @return this
     */
    public S options(ConnectionOptions options) {
        this.options = requireNonNull(options);
        return self();
    }

    /**
     * Sets the extensions that are offered.
     *
     * @param extensions the providers; by default all that {@link Extensions#load()} finds
     * @return this
     */
    public S extensions(Extensions extensions) {
        this.extensions = requireNonNull(extensions);
        return self();
    }

    /**
     * Sets trust and keys for {@code wss:}. Whatever they trust, the certificate has to be for the host of the URI.
     *
     * @param context the context; the platform's default by default
     * @return this
     */
    public S tls(SSLContext context) {
        return tls(ClientTls.of(context));
    }

    /**
     * Sets trust, keys, parameters and pins for {@code wss:}.
     *
     * @param tls {@link ClientTls#platform()} by default
     * @return this
     */
    public S tls(ClientTls tls) {
        this.tls = requireNonNull(tls);
        return self();
    }

    /**
     * Sets how addresses are found.
     *
     * @param resolver {@link Resolver#system()} by default
     * @return this
     */
    public S resolver(Resolver resolver) {
        this.resolver = requireNonNull(resolver);
        return self();
    }

    /**
     * Sets which addresses may be connected to.
     *
     * @param filter {@link AddressFilter#ANY} by default; {@link AddressFilter#PUBLIC} where others choose the URIs
     * @return this
     */
    public S addressFilter(AddressFilter filter) {
        addressFilter = requireNonNull(filter);
        return self();
    }

    /**
     * Sets where the resolver, proxy selector, cookie handler and authenticator are called. They may block; so the executor
     * must not run them on the thread that calls it.
     *
     * @param executor by default daemon threads that all clients share and that end when there is nothing to do. Calls for
     *     one host take at most two of them, so that a name that hangs holds up itself alone
     * @return this
     */
    public S executor(Executor executor) {
        this.executor = requireNonNull(executor);
        return self();
    }

    /**
     * Has listeners called on an executor, where they may block: {@code Executors.newVirtualThreadPerTaskExecutor()}
     * from Java 21 on, or a pool. The calls of one connection still come one at a time and in order, and each sees what
     * those before it have done. A slow listener stops the reading of its own connection and of no other: up to
     * 64 KiB wait for it, and pings are answered meanwhile, though it is told of the first 64 only. The future of a
     * connect may complete before {@code onOpen} is called there.
     *
     * <p>What is called there is given buffers and texts of its own. If the executor rejects a call, the connection ends
     * with 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the event loop.
     *
     * @param executor runs what it takes; not stopped by the client. Event loops call listeners by default
     * @return this
     */
    public S listenerExecutor(Executor executor) {
        listenerExecutor = requireNonNull(executor);
        return self();
    }

    /**
     * Sets how proxies are chosen. The selector is asked about the URI with {@code http} for {@code ws} and
     * {@code https} for {@code wss}. HTTP proxies are asked by CONNECT for both (RFC 6455 §4.1), SOCKS proxies in
     * version 5, with the name of the host. A proxy that cannot be reached is reported to the selector, and the next
     * one of its list is tried.
     *
     * @param selector {@link java.net.ProxySelector#of} for a fixed proxy; null for none at all, whatever the platform
     *     says. By default {@link ProxySelector#getDefault()} at the time of {@link WebSocketClient#builder()}, as in the
     *     JDK's own client: {@code -Dhttps.proxyHost} is meant for the whole process; without such settings it chooses no
     *     proxy
     * @return this
     */
    public S proxy(@Nullable ProxySelector selector) {
        proxies = selector;
        return self();
    }

    /**
     * Sets headers for HTTP proxies. They are sent with CONNECT, and never to a server. The {@code User-Agent} is sent with
     * CONNECT too, unless these headers name another one.
     *
     * @param headers none by default
     * @return this
     * @throws IllegalArgumentException if one is {@code Host}, which CONNECT sets itself
     */
    public S proxyHeaders(Headers headers) {
        if (headers.count("Host") > 0) {
            throw new IllegalArgumentException("CONNECT sets Host itself");
        }
        proxyHeaders = headers;
        return self();
    }

    /**
     * Sets who keeps cookies. The handler is asked before each request, with {@code http} or {@code https} for the
     * scheme, and told the headers of each response, refusals included. Its cookies stand behind those of the request.
     *
     * @param handler a {@link java.net.CookieManager}, for instance; none by default
     * @return this
     */
    public S cookies(CookieHandler handler) {
        cookies = requireNonNull(handler);
        return self();
    }

    /**
     * Sets who knows user names and passwords, of servers that answer 401 and of proxies: Digest with SHA-256 or MD5,
     * Basic (RFC 7616, RFC 7617), and user name and password for SOCKS. It is asked once for each challenge; what it
     * has said is kept, and sent at once with later requests to the same server or proxy, and to no other. It is not asked
     * for a server if the request brings an {@code Authorization} of its own.
     *
     * @param authenticator none by default: challenges are failures then
     * @return this
     */
    public S authenticator(Authenticator authenticator) {
        this.authenticator = requireNonNull(authenticator);
        return self();
    }

    /**
     * Sets which challenges the authenticator is asked about.
     *
     * @param policy {@link AuthPolicy#ANY} by default
     * @return this
     */
    public S authPolicy(AuthPolicy policy) {
        authPolicy = requireNonNull(policy);
        return self();
    }

    /**
     * Sets which redirects are followed.
     *
     * @param policy {@link RedirectPolicy#NONE} by default: a redirect is a failure with the response in it
     * @return this
     */
    public S redirects(RedirectPolicy policy) {
        redirects = requireNonNull(policy);
        return self();
    }

    /**
     * Follows redirects, with nothing of the request going along to another origin.
     *
     * @param max how many one after the other
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public S redirects(int max) {
        return redirects(RedirectPolicy.follow(max));
    }

    /**
     * Sets the {@code User-Agent} of requests that bring none themselves, and of CONNECT.
     *
     * @param product {@code Tenon/} and the version by default; null to send none
     * @return this
     * @throws IllegalArgumentException if it cannot stand in a header
     */
    public S userAgent(@Nullable String product) {
        if (product != null) {
            Headers unused = Headers.of("User-Agent", product);
        }
        userAgent = product;
        return self();
    }

    /**
     * Sets how many connects to one host and port may be under way at a time in this process. More wait for their turn, in
     * their order, and that counts for the {@linkplain #timeout overall timeout} alone.
     *
     * @param max 1 by default, as RFC 6455 §4.1 demands; a load test, or a client of servers that agree to it, may set
     *     more. The connects of others to that host count too
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S connectsPerHost(int max) {
        connectsPerHost = positive("a number of connects", max);
        return self();
    }

    /**
     * Sets how much of the head of a response is read, of servers and of proxies.
     *
     * @param limits {@link HeadLimits#RESPONSES} by default
     * @return this
     */
    public S responseLimits(HeadLimits limits) {
        responseLimits = requireNonNull(limits);
        return self();
    }

    static int positive(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " is positive: " + number);
        }
        return number;
    }
}
