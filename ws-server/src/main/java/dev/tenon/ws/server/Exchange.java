package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A request that the server has read and not answered yet. It has a lifetime: it ends with its response, or is cancelled
 * when the client leaves or the response is too late. Thread-safe.
 */
public abstract sealed class Exchange permits UpgradeExchange, HttpExchange {
    private final HttpRequest request;
    private final Map<String, String> pathParameters;
    private final Client client;
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    Exchange(HttpRequest request, Map<String, String> pathParameters, Client client) {
        this.request = request;
        this.pathParameters = pathParameters;
        this.client = client;
    }

    /**
     * The request's head.
     *
     * @return method, target, version and headers
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * The request's headers.
     *
     * @return the header lines, cookies and credentials among them
     */
    public Headers headers() {
        return request.headers();
    }

    /**
     * The path of the request, as it was sent.
     *
     * @return a path that begins with a slash, percent-encoded
     */
    public String path() {
        return request.path();
    }

    /**
     * A part of the path, as the route's template names it.
     *
     * @param name as in {@code /rooms/{name}} or {@code /files/{name...}}
     * @return the value, decoded; it may hold any character but a control character, a slash among them
     * @throws IllegalArgumentException if the template has no such name
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the route has no path parameter \"" + name + "\", but " + pathParameters.keySet());
        }
        return value;
    }

    /**
     * A parameter of the query, as forms write it: percent-encoded UTF-8, a plus sign for a space.
     *
     * @param name its name
     * @return the first value of that name, decoded, or null if there is none
     */
    public @Nullable String queryParameter(String name) {
        List<String> values = queryParameters(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * All values of a parameter of the query.
     *
     * @param name its name
     * @return the values, decoded, in order; empty if there is none
     */
    public List<String> queryParameters(String name) {
        return RequestValues.ofQuery(request.query(), name);
    }

    /**
     * A cookie (RFC 6265 §5.4).
     *
     * @param name its name; case matters
     * @return its value, without quotes around it, or null if there is none
     */
    public @Nullable String cookie(String name) {
        return RequestValues.ofCookies(request.headers(), name);
    }

    /**
     * The client.
     *
     * @return its address and its TLS session
     */
    public Client client() {
        return client;
    }

    /**
     * The client's address.
     *
     * @return the same as {@link Client#address()}
     */
    public @Nullable InetSocketAddress remoteAddress() {
        return client.address();
    }

    /**
     * The TLS session with the client.
     *
     * @return the same as {@link Client#session()}
     */
    public @Nullable SSLSession tlsSession() {
        return client.session();
    }

    /**
     * Whether nobody waits for the response any more.
     *
     * @return true once the client has left or the time is up
     */
    public boolean isCancelled() {
        return cancelled.isDone();
    }

    /**
     * Tells when the exchange is cancelled, so that work for it can be stopped.
     *
     * @return completes on the event loop when the client leaves or the time is up, before a response was given; else never
     */
    public CompletionStage<Void> whenCancelled() {
        return cancelled.minimalCompletionStage();
    }

    void cancel() {
        cancelled.complete(null);
    }
}
