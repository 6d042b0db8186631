package dev.tenon.ws.server;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A route to an HTTP handler; the handler of all other requests has no template. Thread-safe. */
record HttpRoute(
        @Nullable PathTemplate template,
        HttpHandler handler,
        int maxBody,
        @Nullable Executor executor,
        Duration timeout) {}
