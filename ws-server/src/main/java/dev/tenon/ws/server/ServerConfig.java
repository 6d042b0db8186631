package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.TrustedProxies;

/** What all connections of a server share. Thread-safe. */
record ServerConfig(
        Router router,
        HttpRoute fallback,
        boolean hasFallback,
        HttpOptions http,
        TrustedProxies proxies,
        TrustedProxies proxyProtocol,
        ConnectionLimiter limiter,
        SharedUpgrade upgrades) {}
