package dev.tenon.ws.conformance.walls.bad.client;

import dev.tenon.ws.conformance.walls.bad.server.BadServer;

/** Uses a server, which uses it. */
public record BadClient(BadServer server) {}
