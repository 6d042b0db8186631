package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.OriginPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The values of all settings, once those of a route, of its server and the defaults are joined. Thread-safe. */
record RouteValues(
        ConnectionOptions options,
        OriginPolicy origins,
        List<String> subprotocols,
        Extensions extensions,
        @Nullable Executor executor,
        Duration responseTimeout,
        int maxBody) {
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

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

    /** The defaults of a route for a method: requests of some have no body as a rule. */
    RouteValues forMethod(String method) {
        return WITHOUT_BODY.contains(method) ? withMaxBody(0) : this;
    }

    RouteValues withMaxBody(int bytes) {
        return new RouteValues(options, origins, subprotocols, extensions, executor, responseTimeout, bytes);
    }

    RouteValues withoutExecutor() {
        return new RouteValues(options, origins, subprotocols, extensions, null, responseTimeout, maxBody);
    }
}
