package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedExchange;
import dev.tenon.ws.server.HostedRequest;
import dev.tenon.ws.server.HostedResponse;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passes an opening handshake to its endpoint, and the endpoint's response back to the client. For the event loop's own
 * thread.
 */
final class UpgradeCall {
    private static final FailureLog FAILURES =
            new FailureLog(Level.ERROR, "a request for a WebSocket cannot be handled");

    private final HostedRoutes routes;
    private final Carrier carrier;
    private final Function<HttpRequest, @Nullable WireTap> taps;
    private @Nullable Tap tap;
    private @Nullable Future<?> deadline;

    UpgradeCall(HostedRoutes routes, Carrier carrier, Function<HttpRequest, @Nullable WireTap> taps) {
        this.routes = routes;
        this.carrier = carrier;
        this.taps = taps;
    }

    void start(HttpRequest head) {
        HostedExchange exchange;
        try {
            tap(head);
            HostedRequest request = Peers.request(carrier.channel(), head);
            exchange = routes.exchange(request, LoopContext.of(carrier.channel().eventLoop()));
        } catch (HandshakeException refusal) {
            refuse(refusal.toResponse());
            return;
        } catch (Throwable broken) { // thrown by the factory of the taps
            refuse(broken);
            return;
        }
        carrier.whenGone(() -> cancel(exchange));
        exchange.start(ByteBuffer.allocate(0), this::respond);
        if (!carrier.isDecided()) {
            deadline = carrier.channel()
                    .eventLoop()
                    .schedule(
                            () -> tooLate(exchange), Durations.nanos(exchange.responseTimeout()), TimeUnit.NANOSECONDS);
            carrier.leaveIfEnded(); // the client may have ended its direction together with the request
        }
    }

    private void tap(HttpRequest head) {
        WireTap wire = taps.apply(head);
        tap = wire == null ? null : new Tap(wire, carrier);
        if (tap != null) {
            tap.received(head);
        }
        carrier.requested(head, tap);
    }

    /** Handles a client that has left before the decision. If it has only ended its direction, the channel is still open. */
    private void cancel(HostedExchange exchange) {
        exchange.cancel();
        cancelDeadline();
        if (!carrier.isGone()) {
            carrier.abandon();
        }
    }

    /** Shows a response to the tap, before the first frame that follows. */
    private void show(HttpResponse response) {
        if (tap != null) {
            tap.sent(response);
        }
    }

    private void tooLate(HostedExchange exchange) {
        if (!carrier.isDecided()) {
            refuse(exchange.timeOut());
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void respond(HostedResponse response) {
        cancelDeadline();
        HostedResponse.Accepted accepted = response.accepted();
        if (accepted == null) {
            refuse(response.response());
            return;
        }
        try {
            WebSocket opened = carrier.open(Role.SERVER, accepted, () -> accept(response.response()));
            accepted.opened().accept(opened);
        } catch (RuntimeException
                | Error broken) { // thrown by an extension that cannot be opened; no response is written yet
            refuse(broken);
        }
    }

    private void refuse(Throwable broken) {
        FAILURES.log(broken);
        refuse(HandshakeException.refuse(500, "internal error").toResponse().forVersion(carrier.version()));
    }

    private void accept(HttpResponse response) {
        show(response);
        carrier.accept(response);
    }

    void refuse(HttpResponse response) {
        show(response);
        carrier.refuse(response);
    }
}
