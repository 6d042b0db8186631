package dev.tenon.ws.client.dial;

import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.client.step.Exchange;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP proxy for a tunnel by CONNECT (RFC 9110 §9.3.6, RFC 6455 §4.1 point 3). */
public final class HttpTunnel implements Exchange<HttpResponse> {
    private static final int MAX_INTERIM_RESPONSES = 16;

    private final Route route;
    private final Headers headers;
    private final HttpHeadParser<HttpResponse> parser;
    private int interimResponses;

    /**
     * A request for a tunnel.
     *
     * @param headers the headers for the proxy, without {@code Host}
     */
    public HttpTunnel(Route route, Headers headers, HeadLimits limits) {
        this.route = route;
        this.headers = headers;
        this.parser = HttpHeadParser.forResponses(limits);
    }

    @Override
    public ByteBuffer request() {
        Headers all =
                Headers.builder().add("Host", route.authority()).addAll(headers).build();
        return new HttpRequest("CONNECT", route.authority(), HttpVersion.HTTP_1_1, all).encode();
    }

    /** Returns the response if the tunnel is open. Throws an exception with the response if the proxy refuses. */
    @Override
    public @Nullable HttpResponse receive(ByteBuffer input) throws ProxyException {
        HttpResponse response;
        try {
            do {
                response = parser.parse(input);
            } while (response != null && isInterim(response));
        } catch (HandshakeException malformed) {
            throw new ProxyException(
                    route + " has given no HTTP response to CONNECT: " + malformed.getMessage(), malformed.response());
        }
        if (response == null) {
            return null;
        }
        if (response.status() < 200 || response.status() > 299) {
            throw new ProxyException(
                    route + " did not connect to " + route.authority() + ": " + response.status() + " "
                            + response.reason(),
                    response);
        }
        if (input.hasRemaining()) { // not from the server: the client sends first, with and without TLS
            throw new ProxyException(route + " has sent more than its response to CONNECT", response);
        }
        return response;
    }

    private boolean isInterim(HttpResponse response) {
        return response.status() < 200 && response.status() != 101 && ++interimResponses <= MAX_INTERIM_RESPONSES;
    }

    @Override
    public String awaitedEvent() {
        return "the response of " + route + " to CONNECT";
    }
}
