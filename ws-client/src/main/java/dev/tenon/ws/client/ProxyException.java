package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A proxy did not open the way: it has refused, its answer broke a rule, or it did not take the credentials. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable HttpResponse response;

    ProxyException(String message, @Nullable HttpResponse response) {
        super(message);
        this.response = response;
    }

    /**
     * What an HTTP proxy has answered to CONNECT, without a body.
     *
     * @return the response; null for a SOCKS proxy, if no answer could be read, and after serialization
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
}
