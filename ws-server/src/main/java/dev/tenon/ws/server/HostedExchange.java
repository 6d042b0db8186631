package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.transport.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to {@link HostedRoutes} on its way to a response. Belongs to the thread of its connection.
 */
public final class HostedExchange {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.server"), Level.ERROR);

    /** Calls the endpoint or handler. */
    @FunctionalInterface
    private interface Call {
        void run(ByteBuffer body, Consumer<HostedResponse> done);
    }

    private final HttpRequest head;
    private final ConnectionExecutor loop;
    private final RouteValues values;
    private final boolean webSocket;
    private final Call call;
    private @Nullable Exchange exchange;
    private boolean over;

    HostedExchange(UpgradeExchange upgrade, UpgradeRoute route, SharedUpgrade upgrades, ConnectionExecutor loop) {
        this.head = upgrade.request();
        this.loop = loop;
        this.values = route.values();
        this.webSocket = true;
        this.exchange = upgrade;
        this.call = (body, done) -> new ExchangeCall<>(
                        loop,
                        values.executor(),
                        () -> route.endpoint().upgrade(upgrade),
                        (response, failure) -> finish(done, () -> decided(upgrade, route, upgrades, response, failure)))
                .run();
    }

    HostedExchange(HttpRequest head, HttpTarget target, Client client, ConnectionExecutor loop) {
        this.head = head;
        this.loop = loop;
        this.webSocket = false;
        Router.Match<HttpRoute> found = target.match();
        if (found == null) {
            HttpResponse response = Objects.requireNonNull(target.response());
            this.values = RouteValues.defaults(Extensions.none()).withMaxBody(0);
            this.call = (body, done) -> finish(done, () -> new HostedResponse(response, null));
        } else {
            this.values = found.route().values();
            this.call = (body, done) -> respond(found.route(), found.parameters(), client, body, done);
        }
    }

    /**
     * Whether the request asks for a WebSocket, and has no body.
     *
     * @return true for an upgrade or an extended CONNECT
     */
    public boolean isWebSocket() {
        return webSocket;
    }

    /**
     * The longest body that the route takes; a host refuses a longer one with 413.
     *
     * @return bytes
     */
    public int maxBody() {
        return values.maxBody();
    }

    /**
     * How long the endpoint or handler may take. When the time is up, the host {@linkplain #cancel cancels} the exchange and
     * sends 503.
     *
     * @return the time from {@link #start}
     */
    public Duration responseTimeout() {
        return values.responseTimeout();
    }

    /**
     * Calls the endpoint or handler.
     *
     * @param body the body of the request, from position to limit; kept
     * @param done takes the response on the connection's thread, once, unless the exchange is cancelled before; may be
     *     called before this returns
     */
    public void start(ByteBuffer body, Consumer<HostedResponse> done) {
        call.run(body, done);
    }

    /** The client has left, or the time is up: no response is wanted any more. */
    public void cancel() {
        if (!over) {
            over = true;
            if (exchange != null) {
                exchange.cancel();
            }
        }
    }

    private void finish(Consumer<HostedResponse> done, Supplier<HostedResponse> result) {
        if (over) {
            return;
        }
        over = true;
        HostedResponse response;
        try {
            response = result.get();
        } catch (HandshakeException refusal) {
            response = new HostedResponse(refusal.toResponse(), null);
        } catch (Throwable broken) {
            FAILURES.log("the response to a request cannot be made", broken);
            response = new HostedResponse(
                    HandshakeException.refuse(500, "internal error").toResponse(), null);
        }
        done.accept(new HostedResponse(dated(response).forVersion(head.version()), response.accepted()));
    }

    /** RFC 9110 §6.6.1. */
    private static HttpResponse dated(HostedResponse made) {
        HttpResponse response = made.response();
        return made.accepted() != null || response.headers().count("Date") > 0
                ? response
                : response.withHeaders(response.headers().toBuilder()
                        .add("Date", HttpDate.now())
                        .build());
    }

    // WebSocket

    private static HostedResponse decided(
            UpgradeExchange upgrade,
            UpgradeRoute route,
            SharedUpgrade upgrades,
            @Nullable UpgradeResponse response,
            @Nullable Throwable failure) {
        if (failure instanceof HandshakeException refusal) {
            throw refusal;
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "the endpoint of " + route.template().text() + " has failed", failure);
        }
        if (!(response instanceof DecidedUpgrade decided) || decided.exchange() != upgrade) {
            throw new IllegalStateException("the endpoint has returned " + response + ", not its exchange's response");
        }
        HttpResponse refusal = decided.refusal();
        return refusal != null ? new HostedResponse(refusal, null) : accepted(upgrade, route, upgrades, decided);
    }

    private static HostedResponse accepted(
            UpgradeExchange upgrade, UpgradeRoute route, SharedUpgrade upgrades, DecidedUpgrade decided) {
        Agreement agreement = route.accept(upgrade.upgradeRequest(), decided.subprotocol(), decided.headers());
        Upgrade settled = upgrades.sharing(agreement.upgrade());
        Executor own = decided.executor();
        return new HostedResponse(
                agreement.response(),
                new HostedResponse.Accepted(
                        route.values().options(),
                        settled,
                        Objects.requireNonNull(decided.listener()),
                        own == null ? route.values().executor() : own));
    }

    // Plain HTTP

    private void respond(
            HttpRoute route,
            Map<String, String> parameters,
            Client client,
            ByteBuffer body,
            Consumer<HostedResponse> done) {
        HttpExchange request = new HttpExchange(head, parameters, client, body);
        exchange = request;
        new ExchangeCall<>(
                        loop,
                        route.values().executor(),
                        () -> route.responder().respond(request),
                        (reply, failure) -> finish(done, () -> responded(reply, failure)))
                .run();
    }

    private static HostedResponse responded(@Nullable Reply reply, @Nullable Throwable failure) {
        if (failure instanceof HandshakeException refusal) {
            throw refusal;
        }
        if (reply == null) {
            throw new IllegalStateException("an HTTP handler has failed", failure);
        }
        return new HostedResponse(reply.response(), null);
    }
}
