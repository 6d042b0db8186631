package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A proxy did not open the way: it has refused, its response broke a rule, or it did not take the credentials. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable HttpResponse response;

    /**
     * A proxy that did not open the way.
     *
     * @param message which rule was broken, or what the proxy says
     * @param response what it has responded, or null
     */
    public ProxyException(String message, @Nullable HttpResponse response) {
        super(message);
        this.response = response;
    }

    /**
     * What an HTTP proxy has responded to CONNECT, without a body.
     *
     * @return the response; null for a SOCKS proxy, if no response could be read, and after serialization
     */
    public @Nullable HttpResponse response() {
        return response;
    }

    /**
     * The status of the {@link #response()}.
     *
     * @return a status code, or 0 if there is no response
     */
    public int status() {
        return response == null ? 0 : response.status();
    }

    /**
     * What the proxy asks the client to authenticate with (RFC 9110 §11.7.1).
     *
     * @return the values of {@code Proxy-Authenticate}, in order; empty if the status is not 407
     */
    public List<String> challenges() {
        return response == null || status() != 407
                ? List.of()
                : response.headers().all("Proxy-Authenticate");
    }
}
