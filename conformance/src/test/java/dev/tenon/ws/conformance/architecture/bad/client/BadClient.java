package dev.tenon.ws.conformance.architecture.bad.client;

import dev.tenon.ws.conformance.architecture.bad.server.BadServer;

/** Uses a server, which uses it. */
public record BadClient(BadServer server) {}
