package dev.tenon.ws.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The future of a connect, and of the stages that depend on it. Waiting for one of them on an event loop of its client
 * throws, because the loop would wait for what only the loop can do, and hold up all of its connections meanwhile.
 */
final class ConnectFuture<T> extends CompletableFuture<T> {
    private final WebSocketClient client;

    ConnectFuture(WebSocketClient client) {
        this.client = client;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new ConnectFuture<>(client);
    }

    private void requireOffLoop() {
        if (!isDone()) {
            client.requireOffLoop("wait for a connection");
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireOffLoop();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireOffLoop();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        requireOffLoop();
        return super.join();
    }
}
