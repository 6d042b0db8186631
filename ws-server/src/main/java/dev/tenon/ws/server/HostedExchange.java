package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.transport.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request to {@link HostedRoutes} that has no response yet. Belongs to the thread of its connection.
 */
public final class HostedExchange {
    static final RateLimitedLog FAILURES = new RateLimitedLog(System.getLogger("dev.tenon.ws.server"), Level.ERROR);

    /**
     * What responds to the request.
     *
     * @param isWebSocket whether the response opens a WebSocket
     * @param values the settings of the route
     * @param meter counts requests, or null if no route matches
     * @param responder the endpoint, the handler, or the server itself
     */
    record Target(
            boolean isWebSocket,
            RouteValues values,
            @Nullable RouteMeter meter,
            Responder responder) {}

    /** Responds to the request of an exchange. */
    interface Responder {
        /**
         * Begins to respond.
         *
         * @return what is cancelled if the client leaves, or null
         */
        @Nullable
        Exchange start(ByteBuffer body, HostedExchange exchange);
    }

    private final HttpRequest head;
    private final ConnectionExecutor loop;
    private final Target target;
    private final long begunNanos = System.nanoTime();
    private Consumer<HostedResponse> done = response -> {};
    private @Nullable Exchange exchange;
    private boolean over;

    HostedExchange(HttpRequest head, Target target, ConnectionExecutor loop) {
        this.head = head;
        this.loop = loop;
        this.target = target;
    }

    /**
     * Whether the request asks for a WebSocket, and has no body.
     *
     * @return true for an upgrade or an extended CONNECT
     */
    public boolean isWebSocket() {
        return target.isWebSocket();
    }

    /**
     * The longest body that the route takes. A longer one gets 413 from {@link #start}; a host that checks the length
     * before saves the reading.
     *
     * @return bytes
     */
    public int maxBody() {
        return target.values().maxBody();
    }

    /**
     * How long the endpoint or handler may take. After that time the host calls {@link #timeOut} and sends what it
     * returns.
     *
     * @return the time from {@link #start}
     */
    public Duration responseTimeout() {
        return target.values().responseTimeout();
    }

    /**
     * Calls the endpoint or handler.
     *
     * @param body the body of the request, from position to limit; kept
     * @param done takes the response on the connection's thread, once, unless the exchange is cancelled before; may be
     *     called before this returns
     */
    public void start(ByteBuffer body, Consumer<HostedResponse> done) {
        this.done = done;
        if (body.remaining() > maxBody()) {
            finish(() -> {
                throw HandshakeException.refuse(413, "the body is too long");
            });
        } else {
            exchange = target.responder().start(body, this);
        }
    }

    /** Cancels the exchange, because the client has left. There will be no response. */
    public void cancel() {
        if (!over) {
            over = true;
            if (exchange != null) {
                exchange.cancel();
            }
        }
    }

    /**
     * Cancels the exchange, because the {@linkplain #responseTimeout() time} is up.
     *
     * @return the response to send, with 503
     */
    public HttpResponse timeOut() {
        boolean late = !over;
        cancel();
        RouteMeter meter = target.meter();
        if (late && meter != null) {
            meter.refused(System.nanoTime() - begunNanos);
        }
        return HandshakeException.refuse(503, "the server takes too long")
                .toResponse()
                .forVersion(head.version());
    }

    ConnectionExecutor loop() {
        return loop;
    }

    HttpRequest head() {
        return head;
    }

    /**
     * Goes on with a result, unless the exchange is over.
     *
     * @param result makes the response; it throws a {@link HandshakeException} to refuse
     * @return whether the result was wanted
     */
    boolean finish(Callable<HostedResponse> result) {
        if (over) {
            return false;
        }
        over = true;
        HostedResponse response;
        boolean refused = true;
        try {
            response = result.call();
            refused = false;
        } catch (HandshakeException refusal) {
            response = HostedResponse.of(refusal.toResponse());
        } catch (Throwable broken) {
            FAILURES.log("the response to a request cannot be made", broken);
            response = HostedResponse.of(
                    HandshakeException.refuse(500, "internal error").toResponse());
        }
        count(refused);
        done.accept(response.with(dated(response).forVersion(head.version())));
        return true;
    }

    private void count(boolean refused) {
        RouteMeter meter = target.meter();
        if (meter != null) {
            long after = System.nanoTime() - begunNanos;
            if (refused) {
                meter.refused(after);
            } else {
                meter.responded(after);
            }
        }
    }

    /** RFC 9110 §6.6.1. */
    private static HttpResponse dated(HostedResponse made) {
        HttpResponse response = made.response();
        return made.accepted() != null || response.headers().count("Date") > 0
                ? response
                : response.withHeader("Date", HttpDate.now());
    }
}
