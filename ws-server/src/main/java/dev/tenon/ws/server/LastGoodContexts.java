package dev.tenon.ws.server;

import dev.tenon.ws.transport.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS contexts by host. While the application's function throws, for instance because the key that it reloads is
 * broken, the last good context stays in use. Thread-safe.
 */
final class LastGoodContexts {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.server"), Level.ERROR);
    /** The most contexts that are remembered, those used last, because clients choose the names of hosts. */
    private static final int MOST = 256;

    private final Function<String, @Nullable SSLContext> newest;
    private final Map<String, SSLContext> good = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SSLContext> eldest) {
            return size() > MOST;
        }
    };

    LastGoodContexts(Function<String, @Nullable SSLContext> newest) {
        this.newest = newest;
    }

    /**
     * Returns the context of a host, or null if the application has none for it.
     *
     * @throws IllegalStateException if the application's function throws, and there is no earlier context
     */
    @Nullable
    SSLContext of(String host) {
        SSLContext context;
        try {
            context = newest.apply(host);
        } catch (RuntimeException | Error broken) {
            return lastGood(host, broken);
        }
        synchronized (good) {
            if (context == null) {
                good.remove(host);
            } else {
                good.put(host, context);
            }
        }
        return context;
    }

    /** The number of contexts that are remembered. */
    int size() {
        synchronized (good) {
            return good.size();
        }
    }

    private SSLContext lastGood(String host, Throwable broken) {
        SSLContext last;
        synchronized (good) {
            last = good.get(host);
        }
        if (last == null) {
            FAILURES.log("there is no TLS context: connections are dropped", broken);
            throw new IllegalStateException("there is no TLS context", broken);
        }
        FAILURES.log("there is no new TLS context: the last good one stays in use", broken);
        return last;
    }
}
