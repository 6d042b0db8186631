package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exception of {@code onClose} on an executor is reported once, at a visible place, and delays nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerEndTest {
    private final Error thrown = new AssertionError("thrown by a test, on purpose");

    private final WebSocketListener failing = new WebSocketListener() {
        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            throw thrown;
        }
    };

    private static Connection connection(WebSocketListener listener, Executor executor) {
        Upgrade upgrade = new Upgrade("ws://example.test/", "", List.of());
        Connection connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                upgrade,
                new RecordingWire(Role.SERVER),
                new ThreadContext(() -> 1),
                listener,
                executor);
        connection.open();
        return connection;
    }

    @Test
    void anErrorGoesToTheHandlerOfTheThreadOnceAndTheExecutorGoesOn() throws Exception {
        BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((failed, error) -> uncaught.add(error));
            return thread;
        });
        try {
            CountDownLatch ended = new CountDownLatch(1);
            Connection fails = connection(failing, executor);
            Connection other = connection(
                    new WebSocketListener() {
                        @Override
                        public void onClose(WebSocket webSocket, CloseEvent event) {
                            ended.countDown();
                        }
                    },
                    executor);
            fails.ended(null);
            other.ended(null);
            assertSame(thrown, uncaught.poll(30, TimeUnit.SECONDS));
            assertTrue(ended.await(30, TimeUnit.SECONDS), "the next connection is told its end");
            assertTrue(fails.webSocket().whenClosed().toCompletableFuture().isDone());
            fails.webSocket().request(1);
            fails.webSocket().abort();
        } finally {
            executor.shutdown();
            assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), List.copyOf(uncaught), "once");
    }

    /** The caller of {@code ended} is the last one that can report it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorOnTheThreadOfTheConnectionGoesToItsTransport(boolean rejects) {
        Executor executor = rejects
                ? task -> {
                    throw new RejectedExecutionException("full");
                }
                : Runnable::run;
        Connection connection = connection(failing, executor);
        assertSame(thrown, assertThrows(AssertionError.class, () -> connection.ended(null)));
        connection.ended(null);
    }
}
