package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Responds to plain HTTP requests of a host. */
final class HostedHttp {
    private static final RouteValues WITHOUT_ROUTE =
            RouteValues.defaults(Extensions.none()).withMaxBody(0);

    private HostedHttp() {}

    static HostedExchange.Target of(HttpTarget target, Client client, Executor fileThreads) {
        Router.Match<HttpRoute> match = target.match();
        if (match == null) {
            HttpResponse response = Objects.requireNonNull(target.response());
            return new HostedExchange.Target(false, WITHOUT_ROUTE, null, (body, exchange) -> {
                exchange.finish(() -> HostedResponse.of(response));
                return null;
            });
        }
        HttpRoute route = match.route();
        Routed responder = new Routed(route, match.parameters(), client, fileThreads);
        return new HostedExchange.Target(false, route.values(), route.meter(), responder);
    }

    /** Calls the handler of a route. */
    private record Routed(HttpRoute route, Map<String, String> parameters, Client client, Executor fileThreads)
            implements HostedExchange.Responder {
        @Override
        public Exchange start(ByteBuffer body, HostedExchange exchange) {
            HttpExchange request = new HttpExchange(exchange.head(), parameters, client, body);
            new ExchangeCall<>(
                            exchange.loop(),
                            route.executor(fileThreads),
                            () -> route.responder().respond(request),
                            (reply, failure) -> finish(exchange, reply, failure))
                    .run();
            return request;
        }

        private void finish(HostedExchange exchange, @Nullable Reply reply, @Nullable Throwable failure) {
            boolean wanted = exchange.finish(() -> responded(exchange, reply, failure));
            if (!wanted && reply != null) {
                reply.close();
            }
        }

        private HostedResponse responded(HostedExchange exchange, @Nullable Reply reply, @Nullable Throwable failure) {
            if (failure instanceof HandshakeException refusal) {
                throw refusal;
            }
            if (reply == null) {
                throw new IllegalStateException("the HTTP handler of " + route.name() + " has failed", failure);
            }
            FileBody file = reply.body();
            HostedBody body = file == null ? null : new HostedBody(file, exchange.loop(), route.executor(fileThreads));
            return new HostedResponse(reply.response(), null, body);
        }
    }
}
