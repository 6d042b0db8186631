package dev.tenon.ws.conformance.walls.bad.server;

import dev.tenon.ws.conformance.walls.bad.client.BadClient;

/** Uses a client, which uses it. */
public record BadServer(BadClient client) {}
