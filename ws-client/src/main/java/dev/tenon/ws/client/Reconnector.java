package dev.tenon.ws.client;

import dev.tenon.ws.client.ReconnectingWebSocket.State;
import dev.tenon.ws.client.reconnect.Backoff;
import dev.tenon.ws.client.reconnect.ReconnectListenerAdapter;
import dev.tenon.ws.client.reconnect.RetryAfter;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The work of a {@link ReconnectingWebSocket}: connect, wait for the disconnect, ask the policy, wait, connect again.
 * All of it happens on one loop; other threads only read volatile fields and call close.
 */
final class Reconnector implements ReconnectListenerAdapter.Owner {
    private final ReconnectingWebSocket handle;
    private final ClientContext client;
    private final EventLoop loop;
    private final RequestSource requests;
    private final ReconnectPolicy policy;
    private final ReconnectListener listener;
    private final Outbox outbox;
    private final Backoff backoff;
    private final ConnectionRegistry.Entry entry = new ConnectionRegistry.Entry() {
        @Override
        public void clientClosed() {
            close(new ClosePayload(CloseCode.GOING_AWAY, ""));
        }

        @Override
        public void loopEnded() {
            if (loop.inLoop()) {
                failWithLoop();
            }
        }
    };
    private final CompletableFuture<@Nullable Disconnect> ended = new CompletableFuture<>();

    private volatile State state = State.CONNECTING;
    private volatile @Nullable WebSocket webSocket;
    /** Code and reason for closing; not null after {@link #close}. */
    private volatile @Nullable ClosePayload closing;

    /** The open connection or running connect. This and the following fields are for the loop only. */
    private @Nullable ReconnectListenerAdapter current;

    private @Nullable CompletableFuture<WebSocket> connecting;
    private @Nullable Timer timer;
    private @Nullable Disconnect last;

    Reconnector(
            ReconnectingWebSocket handle,
            WebSocketClient client,
            RequestSupplier requests,
            ReconnectPolicy policy,
            ReconnectListener listener,
            Outbox outbox) {
        this.handle = handle;
        this.client = client.context();
        this.loop = client.reserveLoop(ended);
        this.requests = new RequestSource(this.client, loop, requests, handle);
        this.policy = policy;
        this.listener = listener;
        this.outbox = outbox;
        this.backoff = new Backoff(policy, () -> ThreadLocalRandom.current().nextDouble());
    }

    void start() {
        if (client.registry().register(entry)) {
            onLoop(this::connect);
        } else {
            fail(new IOException("the client was closed"));
        }
    }

    State state() {
        return state;
    }

    @Nullable
    WebSocket webSocket() {
        return webSocket;
    }

    CompletableFuture<@Nullable Disconnect> ended() {
        return ended;
    }

    /** Ends. Does nothing the second time. From any thread. */
    void close(ClosePayload payload) {
        synchronized (this) {
            if (closing != null) {
                return;
            }
            closing = payload;
        }
        onLoop(() -> stop(payload));
    }

    private void stop(ClosePayload payload) {
        outbox.close();
        client.registry().ended(entry); // no connect begins from here on; an open connection is registered by itself
        Timer waiting = timer;
        CompletableFuture<WebSocket> attempt = connecting;
        if (waiting != null) {
            waiting.cancel();
            timer = null;
            finish(null);
        } else if (attempt == null) {
            return; // a call of the listener is running; the continuation checks the state
        } else if (attempt.cancel(true)) {
            current = null;
            finish(null);
        } else {
            CompletableFuture<Void> unused =
                    attempt.thenAccept(open -> open.close(payload.code(), payload.reason())); // onClose finishes it
        }
    }

    /** Runs a task on the loop. If the loop has stopped, this ends too. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            loopStopped();
        }
    }

    private void failWithLoop() {
        loopStopped();
        if (connecting != null) {
            connecting.cancel(true);
        }
    }

    /** No connect follows, because the client was closed or its loop has failed. */
    private void loopStopped() {
        if (closing != null) {
            finish(null);
        } else {
            fail(new IOException("the event loop of the client has failed"));
        }
    }

    private void connect() {
        timer = null;
        if (closing != null) {
            finish(null);
            return;
        }
        state = State.CONNECTING;
        ReconnectListenerAdapter adapter = ReconnectListenerAdapter.of(this, listener);
        CompletableFuture<WebSocket> attempt = new CompletableFuture<>();
        current = adapter;
        connecting = attempt;
        CompletableFuture<WebSocket> unused = attempt.whenComplete((open, failure) -> {
            if (failure != null) {
                onLoop(() -> onDisconnect(adapter, null, failure));
            }
        });
        requests.next(last, attempt, request -> new ConnectOperation(client, loop, request, adapter, attempt).start());
    }

    @Override
    public void opened(WebSocket open) {
        webSocket = open;
        if (state == State.CONNECTING) {
            state = State.OPEN;
        }
        long now = System.nanoTime();
        onLoop(() -> backoff.opened(now));
    }

    @Override
    public void ready(ReconnectListenerAdapter connection, WebSocket open) {
        CompletionStage<?> unused = listener.whenReady(open)
                .thenRun(() -> onLoop(() -> {
                    if (connection == current) {
                        outbox.connected(open);
                    }
                }));
    }

    @Override
    public void closed(ReconnectListenerAdapter connection, CloseEvent event) {
        webSocket = null;
        onLoop(() -> onDisconnect(connection, event, event.cause()));
    }

    private void onDisconnect(
            ReconnectListenerAdapter connection, @Nullable CloseEvent event, @Nullable Throwable cause) {
        if (connection != current) {
            return; // already known, or no longer needed
        }
        current = null;
        connecting = null;
        outbox.disconnected(cause);
        if (closing != null) {
            finish(null);
            return;
        }
        long now = System.nanoTime();
        Disconnect disconnect = new Disconnect(event, cause, backoff.countDisconnect(now));
        last = disconnect;
        try {
            OptionalLong delay = policy.retries().test(disconnect)
                    ? backoff.delay(now, RetryAfter.nanos(cause))
                    : OptionalLong.empty();
            delay.ifPresentOrElse(nanos -> pause(disconnect, nanos), () -> giveUp(disconnect));
        } catch (Throwable thrown) { // of the policy's rule, also a checked one of Kotlin or Scala
            fail(thrown);
        }
    }

    private void pause(Disconnect disconnect, long nanos) {
        state = State.WAITING;
        callListener(() -> listener.onReconnect(handle, disconnect, Duration.ofNanos(nanos)), () -> {
            if (closing != null) {
                finish(null);
            } else {
                timer = loop.schedule(nanos, this::connect);
            }
        });
    }

    private void giveUp(Disconnect disconnect) {
        state = State.ENDED;
        callListener(() -> listener.onGivenUp(handle, disconnect), () -> finish(disconnect));
    }

    /** Calls the listener on its executor, then continues on the loop. */
    private void callListener(Runnable call, Runnable then) {
        Runnable both = () -> {
            try {
                call.run();
            } catch (Throwable thrown) {
                onLoop(() -> fail(thrown));
                return;
            }
            onLoop(then);
        };
        Executor executor = client.defaults().listenerExecutor;
        try {
            if (executor != null) {
                executor.execute(both);
                return;
            }
        } catch (Throwable refused) { // an exception of the listener itself never gets here
            // a call on the wrong thread is better than none
        }
        both.run();
    }

    private void finish(@Nullable Disconnect disconnect) {
        end(disconnect == null ? null : disconnect.cause());
        ended.complete(disconnect);
    }

    private void fail(Throwable cause) {
        end(cause);
        ended.completeExceptionally(cause);
    }

    private void end(@Nullable Throwable cause) {
        state = State.ENDED;
        webSocket = null;
        outbox.end(cause);
        client.registry().ended(entry);
    }
}
