package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.TrustedProxies;
import java.util.concurrent.Executor;

/** What all connections of a server share. Thread-safe. */
record ServerConfig(
        Router router,
        HttpOptions http,
        TrustedProxies proxies,
        TrustedProxies proxyProtocol,
        ConnectionLimiter limiter,
        SharedUpgrade upgrades,
        Executor fileThreads) {}
