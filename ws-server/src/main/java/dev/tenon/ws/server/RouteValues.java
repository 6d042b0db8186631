package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.OriginPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The value of every setting of a route: the route's own, else its server's, else the default. Thread-safe. */
record RouteValues(
        ConnectionOptions options,
        OriginPolicy origins,
        List<String> subprotocols,
        Extensions extensions,
        @Nullable Executor executor,
        Duration responseTimeout,
        int maxBody) {
    static RouteValues defaults(Extensions extensions) {
        return new RouteValues(
                ConnectionOptions.DEFAULT,
                OriginPolicy.sameOrigin(),
                List.of(),
                extensions,
                null,
                HttpOptions.DEFAULT.responseTimeout(),
                1 << 20);
    }

    /** The initial values of a route for a method: those of the server, and no body for a method that usually has none. */
    RouteValues forMethod(String method) {
        return HttpMethods.isWithoutBody(method) ? withMaxBody(0) : this;
    }

    RouteValues withMaxBody(int bytes) {
        return new RouteValues(options, origins, subprotocols, extensions, executor, responseTimeout, bytes);
    }

    RouteValues withoutExecutor() {
        return new RouteValues(options, origins, subprotocols, extensions, null, responseTimeout, maxBody);
    }
}
