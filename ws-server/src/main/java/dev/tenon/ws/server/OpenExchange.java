package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.transport.RateLimitedLog;
import dev.tenon.ws.transport.Transport;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of a connection that waits for the application's response, of which there is at most one. Belongs to the
 * connection's event loop.
 */
final class OpenExchange {
    static final RateLimitedLog FAILURES = new RateLimitedLog(System.getLogger("dev.tenon.ws.server"), Level.ERROR);

    private final Transport transport;
    private final HttpConnection http;
    private final Runnable pump;
    private @Nullable Exchange current;
    private @Nullable RouteMeter meter;
    private long begun;

    /** @param pump handles the events of the connection */
    OpenExchange(Transport transport, HttpConnection http, Runnable pump) {
        this.transport = transport;
        this.http = http;
        this.pump = pump;
    }

    /** Begins to measure a request whose head was read; the meter is null while it has no route. */
    void beginRequest(@Nullable RouteMeter ofRoute) {
        meter = ofRoute;
        begun = transport.nanoTime();
    }

    /** Counts the response to the request. */
    void responded() {
        if (meter != null) {
            meter.responded(transport.nanoTime() - begun);
            meter = null;
        }
    }

    /** Counts the refusal of the request. */
    void refused() {
        if (meter != null) {
            meter.refused(transport.nanoTime() - begun);
            meter = null;
        }
    }

    void begin(Exchange exchange) {
        current = exchange;
    }

    void cancel() {
        if (current != null) {
            current.cancel();
        }
    }

    /**
     * Handles a result, unless the exchange is over. Called from callbacks of stages, which swallow exceptions: none may
     * escape.
     *
     * @return whether the result was wanted
     */
    boolean finish(Exchange finished, Runnable result) {
        if (current != finished || !http.awaitsResponse() || transport.isClosed()) {
            return false;
        }
        try {
            current = null;
            result.run();
            pump.run();
        } catch (Throwable broken) {
            FAILURES.log("a response cannot be sent", broken);
            transport.failed(broken);
        }
        return true;
    }

    void respond(HttpResponse response) {
        if (http.respond(response, transport.nanoTime())) {
            responded();
        }
    }

    void refuse(HandshakeException refusal) {
        try {
            http.refuse(refusal, transport.nanoTime());
        } catch (IllegalStateException broken) {
            FAILURES.log("the response of a refusal cannot be sent", broken);
            http.refuse(HandshakeException.refuse(500, "internal error"), transport.nanoTime());
        }
    }
}
