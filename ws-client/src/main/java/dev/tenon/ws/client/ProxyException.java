package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proxy has not connected to the server: it has refused, its response breaks a rule, or it has rejected the
 * credentials.
 */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable HttpResponse response;

    /**
     * A failure of a proxy.
     *
     * @param message the broken rule, or the proxy's message
     * @param response its response, or null
     */
    public ProxyException(String message, @Nullable HttpResponse response) {
        super(message);
        this.response = response;
    }

    /**
     * Returns the response of an HTTP proxy to CONNECT, without a body.
     *
     * @return the response; null for a SOCKS proxy, if no response could be read, and after serialization
     */
    public @Nullable HttpResponse response() {
        return response;
    }

    /**
     * Returns the status of the {@link #response()}.
     *
     * @return a status code, or 0 if there is no response
     */
    public int status() {
        return response == null ? 0 : response.status();
    }

    /**
     * Returns the challenges of the proxy (RFC 9110 §11.7.1).
     *
     * @return the values of {@code Proxy-Authenticate}, in order; empty if the status is not 407
     */
    public List<String> challenges() {
        return response == null || status() != 407
                ? List.of()
                : response.headers().all("Proxy-Authenticate");
    }
}
