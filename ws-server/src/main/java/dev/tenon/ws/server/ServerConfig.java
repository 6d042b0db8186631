package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.TrustedProxies;

/** What all connections of a server share. Thread-safe. */
record ServerConfig(
        Router router,
        HttpOptions http,
        TrustedProxies proxies,
        TrustedProxies proxyProtocol,
        ConnectionLimiter limiter,
        SharedUpgrade upgrades,
        FileThreads fileThreads) {}
