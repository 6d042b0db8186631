package dev.tenon.ws.extension;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buffers and native codecs that the extensions of all connections of one thread share. An extension uses one for the
 * length of a call, so an idle connection holds none, and no lock is needed.
 *
 * <pre>
 *   thread 1   connection a, b, c  --  its ThreadResources  --  one compressor
 *   thread 2   connection d, e     --  its ThreadResources  --  another one
 * </pre>
 *
 * <p>An extension must leave no state of its connection in a resource when a call returns: the next call may come from
 * another connection. Only the thread of the connections may use it. The owner of the thread, such as an event loop,
 * creates it and closes it after the last connection.
 */
public final class ThreadResources implements AutoCloseable {
    private record Key(Object owner, Class<?> type) {}

    private final Map<Key, AutoCloseable> resources = new HashMap<>();
    private final Deque<AutoCloseable> inOrder = new ArrayDeque<>();

    /** An empty set of resources, for the connections of one thread. */
    public ThreadResources() {}

    /**
     * The resource of this thread. The first call creates it.
     *
     * @param <T> the type of the resource
     * @param owner the owner of the resource, such as a provider; other owners get resources of their own
     * @param type the type of the resource; an owner has at most one of each type
     * @param create creates the resource
     * @return the resource; only {@link #close()} may close it
     */
    public <T extends AutoCloseable> T get(Object owner, Class<T> type, Supplier<? extends T> create) {
        Key key = new Key(owner, type);
        AutoCloseable known = resources.get(key);
        if (known != null) {
            return type.cast(known);
        }
        T created = create.get();
        resources.put(key, created);
        inOrder.push(created);
        return created;
    }

    /**
     * Closes all resources, the newest first, even if one of them throws.
     *
     * @throws IllegalStateException if a resource could not be closed; it has further exceptions as suppressed ones
     */
    @Override
    public void close() {
        IllegalStateException failed = null;
        for (AutoCloseable resource : inOrder) {
            failed = close(resource, failed);
        }
        inOrder.clear();
        resources.clear();
        if (failed != null) {
            throw failed;
        }
    }

    private static @Nullable IllegalStateException close(
            AutoCloseable resource, @Nullable IllegalStateException failed) {
        try {
            resource.close();
            return failed;
        } catch (Exception e) {
            IllegalStateException all =
                    failed == null ? new IllegalStateException("a resource of a thread could not be closed") : failed;
            all.addSuppressed(e);
            return all;
        }
    }
}
