package dev.tenon.ws.topics.nats;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for requests that wait for the server's response, and the tasks of a node that run later. Thread-safe. */
final class RequestThreads {
    /** How many threads make the requests of clients, of which many may come back at the same time. */
    private static final int MOST_OF_CLIENTS = 64;

    private static final int IDLE_SECONDS = 10;

    /** For the few requests of the node itself, which do not wait behind those of clients. */
    private final ExecutorService ofNode = Executors.newCachedThreadPool(RequestThreads::thread);

    private final ExecutorService ofClients = clientThreads();

    private final DelayedTasks delayed = new DelayedTasks();

    private static ExecutorService clientThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_OF_CLIENTS,
                MOST_OF_CLIENTS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                RequestThreads::thread);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "tenon-nats");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs a request of the node itself. The stage fails with an {@link IOException}. */
    <T> CompletionStage<T> ofNode(Callable<T> request) {
        return run(ofNode, request);
    }

    /** Runs a request for a client. The stage fails with an {@link IOException}. */
    <T> CompletionStage<T> ofClient(Callable<T> request) {
        return run(ofClients, request);
    }

    private static <T> CompletionStage<T> run(ExecutorService threads, Callable<T> request) {
        CompletableFuture<T> response = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    refuseIfShutdown(threads);
                    response.complete(request.call());
                } catch (Exception | Error failure) {
                    response.completeExceptionally(NatsBackbone.unreachable(failure));
                }
            });
        } catch (RejectedExecutionException closed) {
            response.completeExceptionally(new IOException("this node is closed", closed));
        }
        return response.minimalCompletionStage();
    }

    private static void refuseIfShutdown(ExecutorService threads) throws IOException {
        if (threads.isShutdown()) {
            throw new IOException("this node was closed before its request");
        }
    }

    /** Runs a task after a delay, unless {@link #shutdown} is called before. The task must not block. */
    void later(Runnable task, Duration delay) {
        delayed.run(task, delay);
    }

    /** Ends the threads behind the requests that have begun; those that wait fail. Drops the tasks that would run later. */
    void shutdown() {
        delayed.end();
        ofNode.shutdown();
        ofClients.shutdown();
    }
}
