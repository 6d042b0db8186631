package dev.tenon.ws.netty;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.HostedRoutesBuilder;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server for clients that break rules, and what its listener and its endpoints have seen. */
@ExtendWith(Leaks.class)
abstract class BadPeerContract {
    /** The text frame "hi", masked with zeros, and the same as the server sends it. */
    static final String HI = "8182" + "00000000" + "6869";

    static final String HI_BACK = "81026869";
    static final String CLOSE = "8882" + "00000000" + "03e8";
    static final String CLOSE_BACK = "880203e8";

    final RecordingListener listener = new RecordingListener();
    /** The endpoint of {@code /late} decides by {@link #accept()}. */
    final CompletableFuture<UpgradeExchange> requested = new CompletableFuture<>();

    final RecordingListener late = new RecordingListener();
    final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private final CompletableFuture<UpgradeResponse> decision = new CompletableFuture<>();
    NettyServer server;

    @BeforeEach
    final void startServer() throws IOException {
        server = start(configured());
    }

    /** A builder without routes. */
    NettyServerBuilder configured() throws IOException {
        return NettyServer.builder().loops(1);
    }

    /** Adds routes beside those of every test. */
    void addRoutes(HostedRoutesBuilder routes) {}

    final NettyServer start(NettyServerBuilder builder) throws IOException {
        return builder.routes(routes -> {
                    routes.extensions(Extensions.none())
                            .route("/", upgrade -> upgrade.accept(listener))
                            .route("/late", upgrade -> {
                                upgrade.whenCancelled().thenRun(() -> cancelled.complete(null));
                                requested.complete(upgrade);
                                return decision;
                            });
                    addRoutes(routes);
                })
                .start();
    }

    /** Accepts the handshake of {@code /late}. */
    final void accept() {
        decision.complete(requested.join().accept(late));
    }

    @AfterEach
    final void stopServer() {
        server.stop(Duration.ZERO);
    }
}
