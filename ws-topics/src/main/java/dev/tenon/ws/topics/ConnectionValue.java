package dev.tenon.ws.topics;

import dev.tenon.ws.connection.AttributeKey;
import dev.tenon.ws.connection.WebSocket;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that each connection has once, as an attribute, from its first use on. Its end is reported when the connection
 * ends. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class ConnectionValue<T> {
    private final AttributeKey<T> key;
    private final Function<WebSocket, T> create;
    private final Consumer<T> onEnd;

    ConnectionValue(String name, Function<WebSocket, T> create, Consumer<T> onEnd) {
        key = AttributeKey.of(name);
        this.create = create;
        this.onEnd = onEnd;
    }

    @Nullable
    T find(WebSocket webSocket) {
        return webSocket.attribute(key);
    }

    T of(WebSocket webSocket) {
        T known = find(webSocket);
        return known == null ? create(webSocket) : known;
    }

    private T create(WebSocket webSocket) {
        T created;
        synchronized (this) { // an attribute has no compare-and-set
            T known = find(webSocket);
            if (known != null) {
                return known;
            }
            created = create.apply(webSocket);
            webSocket.attribute(key, created);
        }
        webSocket.whenClosed().thenRun(() -> onEnd.accept(created));
        return created;
    }
}
