package dev.tenon.ws.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Runs the computations of TLS handshakes. If there are as many loops as processors, other threads would not be faster,
 * so a server runs them on the loop, a few in each turn. With fewer loops, and if certificates of the peer are checked,
 * for which a trust manager may use the network, a pool of daemon threads runs them: one per processor, which end after
 * some seconds without work.
 */
final class TlsTasks {
    private TlsTasks() {}

    /** Runs the tasks of an engine, then {@code done} on the link's loop, which fails the link if it throws. */
    static void run(Link link, SSLEngine engine, Runnable done) {
        if (link.loop().hasOwnProcessor() && !checksPeer(engine)) {
            link.loop().executeSlowly(link, () -> {
                runAll(link, engine);
                done.run();
            });
            return;
        }
        Pool.EXECUTOR.execute(() -> {
            Throwable failure = null;
            try {
                runAll(link, engine);
            } catch (Throwable thrown) { // for example by a trust manager
                failure = thrown;
            }
            finish(link, done, failure);
        });
    }

    private static boolean checksPeer(SSLEngine engine) {
        return engine.getUseClientMode() || engine.getNeedClientAuth() || engine.getWantClientAuth();
    }

    private static void finish(Link link, Runnable done, @Nullable Throwable failure) {
        try {
            link.execute(() -> {
                if (failure != null) {
                    link.failed(failure);
                }
                done.run();
            });
        } catch (RejectedExecutionException stopped) {
            // the loop has stopped, and has closed the link
        }
    }

    /** Runs the tasks, unless the link is closed: many clients may give up while the tasks of others are computed. */
    private static void runAll(Link link, SSLEngine engine) {
        Runnable task;
        while (!link.isClosed() && (task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    private static final class Pool {
        static final ExecutorService EXECUTOR = pool();

        private static ExecutorService pool() {
            int size = Runtime.getRuntime().availableProcessors();
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    size,
                    size,
                    5,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    LoopThreads.daemon("tenon-tls-handshake"));
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
