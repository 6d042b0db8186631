package dev.tenon.ws.client.jdk;

import dev.tenon.ws.handshake.HttpResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * A server's refusal as a response of {@code java.net.http}. Its request has only the URI.
 *
 * @param webSocketUri the URI of the request
 * @param received the response
 */
record HandshakeResponse(URI webSocketUri, HttpResponse received) implements java.net.http.HttpResponse<String> {
    @Override
    public int statusCode() {
        return received.status();
    }

    @Override
    public HttpRequest request() {
        return HttpRequest.newBuilder(uri()).build();
    }

    @Override
    public Optional<java.net.http.HttpResponse<String>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
        return HttpHeaders.of(received.headers().toMap(), (name, value) -> true);
    }

    @Override
    public String body() {
        return received.bodyText();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    /** {@code http} for {@code ws}, {@code https} for {@code wss}. */
    @Override
    public URI uri() {
        return URI.create("http" + webSocketUri.toString().substring("ws".length()));
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
