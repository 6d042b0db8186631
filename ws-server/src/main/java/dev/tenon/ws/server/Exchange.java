package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A request that the server has read and not responded to yet. It ends with its response, or is cancelled when the client
 * leaves or the response takes too long. Thread-safe.
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
     * Returns the head of the request.
     *
     * @return method, target, version and headers
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * Returns the headers of the request.
     *
     * @return the header lines, cookies and credentials among them
     */
    public Headers headers() {
        return request.headers();
    }

    /**
     * Returns the path of the request as the client has sent it.
     *
     * @return a path that begins with a slash, percent-encoded
     */
    public String path() {
        return request.path();
    }

    /**
     * Returns a parameter of the path, as the template of the route names it.
     *
     * @param name as in {@code /rooms/{name}} or {@code /files/{name...}}
     * @return the decoded value; it may hold any character except control characters, also a slash
     * @throws IllegalArgumentException if the template has no such name
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the route has no path parameter \"" + name + "\"; it has " + pathParameters.keySet());
        }
        return value;
    }

    /**
     * Returns a parameter of the query, decoded as forms encode it: percent-encoded UTF-8, a plus sign for a space.
     *
     * @param name its name
     * @return the first value of that name, decoded, or null if there is none
     */
    public @Nullable String queryParameter(String name) {
        List<String> values = queryParameters(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * Returns a parameter of the query as a value of another type, such as a number. A malformed one is the client's
     * fault: the endpoint or handler lets the exception pass, and the client gets 400.
     *
     * @param <T> the type of the value
     * @param name its name
     * @param parser parses the decoded text, for example {@code Integer::parseInt}. It throws an {@link
     *     IllegalArgumentException} or a {@link DateTimeException} if the text is malformed
     * @return the first value of that name, or null if there is none or it is empty
     * @throws HandshakeException if the parser throws such an exception; the response names the parameter
     */
    public <T> @Nullable T queryParameter(String name, Function<String, ? extends T> parser) {
        String text = queryParameter(name);
        try {
            return text == null || text.isEmpty() ? null : parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw HandshakeException.refuse(400, "the query parameter \"" + name + "\" is malformed");
        }
    }

    /**
     * Returns all values of a parameter of the query.
     *
     * @param name its name
     * @return the values, decoded, in order; empty if there is none
     */
    public List<String> queryParameters(String name) {
        return RequestValues.ofQuery(request.query(), name);
    }

    /**
     * Returns a cookie (RFC 6265 §5.4).
     *
     * @param name its name; case matters
     * @return its value, without quotes around it, or null if there is none
     */
    public @Nullable String cookie(String name) {
        return RequestValues.ofCookies(request.headers(), name);
    }

    /**
     * Returns the client.
     *
     * @return its address and its TLS session
     */
    public Client client() {
        return client;
    }

    /**
     * Returns the address of the client.
     *
     * @return the same as {@link Client#address()}
     */
    public @Nullable InetSocketAddress remoteAddress() {
        return client.address();
    }

    /**
     * Returns the TLS session with the client.
     *
     * @return the same as {@link Client#session()}
     */
    public @Nullable SSLSession tlsSession() {
        return client.session();
    }

    /**
     * Whether the exchange is cancelled.
     *
     * @return true once the client has left or the time is up
     */
    public boolean isCancelled() {
        return cancelled.isDone();
    }

    /**
     * Returns a stage that completes when the exchange is cancelled, so that the application can stop its work.
     *
     * @return completes on the event loop when the client leaves or the time is up before there is a response; else never
     */
    public CompletionStage<Void> whenCancelled() {
        return cancelled.minimalCompletionStage();
    }

    void cancel() {
        cancelled.complete(null);
    }
}
