package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A plain HTTP request that an {@link HttpHandler} responds to. Thread-safe. */
public final class HttpExchange extends Exchange {
    private final ByteBuffer body;

    HttpExchange(HttpRequest request, Map<String, String> pathParameters, Client client, ByteBuffer body) {
        super(request, pathParameters, client);
        this.body = body;
    }

    /**
     * Returns the method of the request.
     *
     * @return for example {@code GET}
     */
    public String method() {
        return request().method();
    }

    /**
     * Returns the body of the request, which is at most as long as the route allows.
     *
     * @return a new read-only view, from position to limit, which the caller may keep
     */
    public ByteBuffer body() {
        return body.duplicate();
    }

    /**
     * Returns the body as text.
     *
     * @return the body decoded as UTF-8, with replacement characters for bytes that are not UTF-8
     */
    public String bodyText() {
        return StandardCharsets.UTF_8.decode(body()).toString();
    }
}
