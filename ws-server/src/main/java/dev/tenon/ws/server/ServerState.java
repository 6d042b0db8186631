package dev.tenon.ws.server;

import java.util.function.BooleanSupplier;

/**
 * What the checks of a load balancer or an orchestrator ask about a server. Thread-safe if the functions are.
 *
 * @param ready whether the server wants new connections
 * @param healthy whether the server works
 */
record ServerState(BooleanSupplier ready, BooleanSupplier healthy) {
    /** The state of a server without event loops that could fail. */
    static ServerState of(BooleanSupplier ready) {
        return new ServerState(ready, () -> true);
    }
}
