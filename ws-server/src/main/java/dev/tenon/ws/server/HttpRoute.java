package dev.tenon.ws.server;

import org.jspecify.annotations.Nullable;

/** A route to an HTTP handler; the handler of all other requests has no template. Thread-safe. */
record HttpRoute(@Nullable PathTemplate template, HttpHandler handler, RouteValues values) {}
