package dev.tenon.ws.netty;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connects of a client that are in progress. Thread-safe. */
final class OpenCalls implements AutoCloseable {
    private final Set<ClientCall> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Adds a connect until it is over. After {@link #close}, it fails. */
    @SuppressWarnings("FutureReturnValueIgnored") // the last step throws nothing
    void add(ClientCall call) {
        open.add(call);
        call.result().whenComplete((opened, failure) -> open.remove(call));
        if (closed) {
            call.cancel();
        }
    }

    /** Fails all connects. */
    @Override
    public void close() {
        closed = true;
        open.forEach(ClientCall::cancel);
    }
}
