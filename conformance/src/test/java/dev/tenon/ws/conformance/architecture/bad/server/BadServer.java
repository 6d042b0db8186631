package dev.tenon.ws.conformance.architecture.bad.server;

import dev.tenon.ws.conformance.architecture.bad.client.BadClient;

/** A cycle of modules: uses the module of the client, which uses this one. */
public record BadServer(BadClient client) {}
