package dev.tenon.ws.conformance.walls.bad.server;

import dev.tenon.ws.conformance.walls.bad.client.BadClient;

/** A cycle of modules: uses the module of the client, which uses this one. */
public record BadServer(BadClient client) {}
