package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. Thread-safe. */
record ServerCore(
        ServerHandshake handshake,
        Routes routes,
        HttpHandler http,
        ConnectionOptions options,
        @Nullable Executor executor,
        HeadLimits headLimits,
        int maxHttpBody,
        long handshakeNanos,
        TrustedProxies proxies,
        Admission admission,
        SharedUpgrade upgrades) {}
