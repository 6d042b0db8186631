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
     * The method of the request.
     *
     * @return for example {@code GET}
     */
    public String method() {
        return request().method();
    }

    /**
     * The body of the request, at most as long as the route allows.
     *
     * @return a read-only view of its own, from position to limit, to be kept at will
     */
    public ByteBuffer body() {
        return body.duplicate();
    }

    /**
     * The body as text.
     *
     * @return the body decoded as UTF-8, with replacement characters where it is not
     */
    public String bodyText() {
        return StandardCharsets.UTF_8.decode(body()).toString();
    }
}
