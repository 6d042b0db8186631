package dev.tenon.ws.extension;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the extensions of all connections of one thread share: buffers and native codecs that each of them uses for the
 * length of a call. So an idle connection holds none of its own, and no lock is needed.
 *
 * <pre>
 *   thread 1   connection a, b, c  --  its ThreadResources  --  one compressor
 *   thread 2   connection d, e     --  its ThreadResources  --  another one
 * </pre>
 *
 * <p>A user leaves nothing of a connection in them when a call returns: the next call may be another connection's. For the
 * thread of the connections only. Who makes one, such as an event loop, closes it behind its last connection.
 */
public final class ThreadResources implements AutoCloseable {
    private record Key(Object owner, Class<?> type) {}

    private final Map<Key, AutoCloseable> resources = new HashMap<>();
    private final Deque<AutoCloseable> inOrder = new ArrayDeque<>();

    /** An empty set of resources, for the connections of one thread. */
    public ThreadResources() {}

    /**
     * The resource of this thread, made when it is asked for the first time.
     *
     * @param <T> the type of the resource
     * @param owner to whom it belongs, such as a provider: others do not see it
     * @param type the type of the resource, of which an owner has one
     * @param create makes it
     * @return the resource, which is closed by {@link #close()} and by nobody else
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
     * Closes all resources, the newest first, whatever the others throw.
     *
     * @throws IllegalStateException if one could not be closed; what the others have thrown is suppressed in it
     */
    @Override
    public void close() {
        IllegalStateException failed = null;
        for (AutoCloseable resource : inOrder) {
            failed = closed(resource, failed);
        }
        inOrder.clear();
        resources.clear();
        if (failed != null) {
            throw failed;
        }
    }

    private static @Nullable IllegalStateException closed(
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
