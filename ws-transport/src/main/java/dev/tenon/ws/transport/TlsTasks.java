package dev.tenon.ws.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Where the arithmetic of TLS handshakes is done. With as many loops as processors, other threads would only take turns with
 * the loops, so a server does it on the loop itself, a few handshakes a turn. With fewer loops, and where certificates of
 * the peer are checked, for which a trust manager may ask the network, it is done by a pool of daemon threads, one per
 * processor, which end after seconds without work.
 */
final class TlsTasks {
    private TlsTasks() {}

    /** Runs all tasks of an engine, then {@code done} on the link's loop, which fails the link if it throws. */
    static void run(Link link, SSLEngine engine, Runnable done) {
        if (link.loop().hasOwnProcessor() && !checksPeer(engine)) {
            link.loop().executeSlowly(link, () -> {
                runAll(engine);
                done.run();
            });
            return;
        }
        Pool.EXECUTOR.execute(() -> {
            Throwable failure = null;
            try {
                runAll(engine);
            } catch (Throwable thrown) { // by a trust manager, say
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

    private static void runAll(SSLEngine engine) {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
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
