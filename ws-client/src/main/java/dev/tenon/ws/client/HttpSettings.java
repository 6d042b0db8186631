package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP settings of a connect: proxies, cookies, credentials, redirects. Not thread-safe.
 *
 * @param <S> the type of the settings themselves
 */
public abstract sealed class HttpSettings<S extends HttpSettings<S>> extends ConnectTimeouts<S>
        permits ConnectSettings {
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

    HeadLimits responseLimits = HeadLimits.RESPONSES;

    HttpSettings() {}

    final void copyHttpFrom(HttpSettings<?> other) {
        proxies = other.proxies;
        proxyHeaders = other.proxyHeaders;
        cookies = other.cookies;
        authenticator = other.authenticator;
        authPolicy = other.authPolicy;
        redirects = other.redirects;
        userAgent = other.userAgent;
        responseLimits = other.responseLimits;
    }

    /**
     * Sets the proxy selector. It receives the URI with {@code http} for {@code ws} and {@code https} for {@code wss}.
     * The client uses CONNECT for HTTP proxies (RFC 6455 §4.1) and version 5 for SOCKS proxies, with the name of the
     * host. It reports an unreachable proxy to the selector and tries the next one of the list.
     *
     * @param selector {@link java.net.ProxySelector#of} for a fixed proxy; null to use no proxy. By default {@link
     *     ProxySelector#getDefault()} at the time of {@link WebSocketClient#builder()}, as in the JDK's own client, so
     *     system properties such as {@code -Dhttps.proxyHost} apply
     * @return this
     */
    public S proxy(@Nullable ProxySelector selector) {
        proxies = selector;
        return self();
    }

    /**
     * Sets headers for HTTP proxies, which are sent with CONNECT and never to a server. CONNECT has the
     * {@code User-Agent} of the client too, unless these headers contain another one.
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
     * Sets the cookie handler. The client gets cookies from it before each request, with {@code http} or {@code https}
     * as the scheme, and passes it the headers of each response, also of refusals. Its cookies follow those of the
     * request.
     *
     * @param handler a {@link java.net.CookieManager}, for instance; none by default
     * @return this
     */
    public S cookies(CookieHandler handler) {
        cookies = requireNonNull(handler);
        return self();
    }

    /**
     * Sets the authenticator, which returns user names and passwords for servers and proxies: for Digest with SHA-256
     * or MD5, Basic (RFC 7616, RFC 7617) and SOCKS. The client calls it once for each challenge, then keeps its result
     * and sends it with later requests to the same server or proxy, and to no other. It does not call it for a server
     * if the request has an {@code Authorization} header.
     *
     * @param authenticator none by default: challenges are failures then
     * @return this
     */
    public S authenticator(Authenticator authenticator) {
        this.authenticator = requireNonNull(authenticator);
        return self();
    }

    /**
     * Sets the challenges for which the authenticator is called.
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
     * @param policy {@link RedirectPolicy#NONE} by default: the connect fails with the redirect's response
     * @return this
     */
    public S redirects(RedirectPolicy policy) {
        redirects = requireNonNull(policy);
        return self();
    }

    /**
     * Follows redirects, without headers and subprotocols to another origin.
     *
     * @param max how many in a row
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public S redirects(int max) {
        return redirects(RedirectPolicy.follow(max));
    }

    /**
     * Sets the {@code User-Agent} of requests without one, and of CONNECT.
     *
     * @param product {@code Tenon/} and the version by default; null to send none
     * @return this
     * @throws IllegalArgumentException if it is not valid in a header
     */
    public S userAgent(@Nullable String product) {
        if (product != null) {
            Headers unused = Headers.of("User-Agent", product);
        }
        userAgent = product;
        return self();
    }

    /**
     * Sets the limits of a response's head, of servers and of proxies.
     *
     * @param limits {@link HeadLimits#RESPONSES} by default
     * @return this
     */
    public S responseLimits(HeadLimits limits) {
        responseLimits = requireNonNull(limits);
        return self();
    }
}
