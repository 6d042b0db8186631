package dev.tenon.ws.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.AttributeKey;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection that records sent messages, and whose sends have the results that the test chooses. */
final class FakeConnection {
    final ConnectionExecutor loop;
    final WebSocket webSocket;
    final List<String> received = new CopyOnWriteArrayList<>();
    final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    final AtomicInteger registrations = new AtomicInteger();
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    volatile ReadyState state = ReadyState.OPEN;
    volatile CloseCode closeCode = CloseCode.NORMAL_CLOSURE;
    volatile CompletionStage<?> sent = CompletableFuture.completedStage(null);
    /** Returns the result of a sent text. */
    Function<String, SendResult> onSend = text -> SendResult.QUEUED;

    FakeConnection(ConnectionExecutor loop) {
        this.loop = loop;
        this.webSocket = (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(), new Class<?>[] {WebSocket.class}, this::called);
    }

    /** Ends the connection as a transport does. Call it on the loop. */
    void end() {
        state = ReadyState.CLOSED;
        closed.complete(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, null));
    }

    private @Nullable Object called(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "executor" -> loop;
            case "whenClosed" -> {
                registrations.incrementAndGet();
                yield closed;
            }
            case "attribute" -> attribute(arguments);
            case "send", "trySend" -> send((PreparedMessage) arguments[0]);
            case "whenSent" -> sent;
            case "readyState" -> state;
            case "close" -> {
                closeCode = arguments == null ? CloseCode.NORMAL_CLOSURE : (CloseCode) arguments[0];
                state = ReadyState.CLOSING;
                yield null;
            }
            case "abort" -> {
                state = ReadyState.CLOSED;
                loop.execute(this::end);
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "connection " + System.identityHashCode(proxy);
            default -> throw new AssertionError(method);
        };
    }

    private @Nullable Object attribute(Object[] arguments) {
        AttributeKey<?> key = (AttributeKey<?>) arguments[0];
        return arguments.length == 1 ? attributes.get(key) : attributes.put(key, arguments[1]);
    }

    private SendResult send(PreparedMessage message) {
        if (!loop.isCurrentThread()) {
            throw new AssertionError("sent on another thread than the connection's own");
        }
        if (state != ReadyState.OPEN) {
            return SendResult.REFUSED;
        }
        String text = UTF_8.decode(message.payload()).toString();
        SendResult result = onSend.apply(text);
        if (result != SendResult.REFUSED) {
            received.add(text);
        }
        return result;
    }
}
