package dev.tenon.ws.connection;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A thread that runs tasks like an event loop. */
final class LoopThread implements ConnectionExecutor, AutoCloseable {
    private volatile @Nullable Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task);
        thread = made;
        return made;
    });

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    <T> T call(Callable<T> task) {
        try {
            return executor.submit(task).get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    void run(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    /** Blocks the loop until the returned future is completed. */
    CompletableFuture<Void> block() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        execute(gate::join);
        return gate;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
