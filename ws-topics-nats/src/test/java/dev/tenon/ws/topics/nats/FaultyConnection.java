package dev.tenon.ws.topics.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A connection whose calls of JetStream fail, or wait, when the test wants it. */
final class FaultyConnection {
    /** Runs around each call of JetStream, with the name of the method. */
    interface Fault {
        void before(String method) throws Exception;

        default void after(String method) throws Exception {}
    }

    final Connection connection;
    private final Connection target;
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    volatile Fault fault = method -> {};

    FaultyConnection(Connection target) {
        this.target = target;
        connection = proxy(Connection.class, this::ofConnection);
    }

    /** Reports an event to the listeners, as if the connection had broken or were back. */
    void report(ConnectionListener.Events event) {
        for (ConnectionListener listener : listeners) {
            listener.connectionEvent(connection, event, System.currentTimeMillis(), "");
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object ofConnection(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result = call(target, method, arguments);
        if (method.getName().equals("addConnectionListener") && arguments != null) {
            listeners.add((ConnectionListener) arguments[0]);
        }
        if (result instanceof JetStream real) {
            return proxy(JetStream.class, (proxy, called, given) -> faulty(real, called, given));
        }
        if (result instanceof JetStreamManagement real) {
            return proxy(JetStreamManagement.class, (proxy, called, given) -> faulty(real, called, given));
        }
        return result;
    }

    private @Nullable Object faulty(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        Fault now = fault;
        now.before(method.getName());
        Object result = call(real, method, arguments);
        now.after(method.getName());
        return result;
    }

    private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }
}
