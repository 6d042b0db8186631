package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.TrustedProxies;
import java.util.concurrent.Executor;

/**
 * The settings and services that all connections of a server share. Thread-safe.
 *
 * @param router finds the route of a request
 * @param http limits and deadlines of HTTP
 * @param proxies the reverse proxies that the server trusts
 * @param limiter limits the number of connections
 * @param upgrades lets connections share equal upgrades
 * @param fileThreads reads files
 */
record ServerConfig(
        Router router,
        HttpOptions http,
        TrustedProxies proxies,
        ConnectionLimiter limiter,
        SharedUpgrade upgrades,
        Executor fileThreads) {}
