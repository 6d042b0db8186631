package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.client.reconnect.Backoff;
import dev.tenon.ws.client.reconnect.ReconnectListenerAdapter;
import dev.tenon.ws.client.reconnect.RetryAfter;
import dev.tenon.ws.client.step.OffLoopCall;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection after the other, as a {@link ReconnectPolicy} says, until it is closed or gives up. The first connect is
 * under the same policy as those that follow.
 *
 * <p>What was sent belongs to the connection that it was sent on. If that is lost, whatever its peer has not received is
 * lost with it, and what it has received cannot be told from that: nothing is sent again, and nothing is kept for the next
 * connection. An application that needs more has to number messages and have them acknowledged, and can begin anew in
 * {@code onOpen}. A {@code WebSocket} of an earlier connection refuses what is sent on it.
 *
 * <p>Thread-safe.
 */
public final class ReconnectingWebSocket implements AutoCloseable {
    /** What it does. */
    public enum State {
        /** A connect is under way. */
        CONNECTING,
        /** There is a connection. */
        OPEN,
        /** There is no connection, and the next connect waits for its time. */
        WAITING,
        /** There is no connection, and there will be none. */
        ENDED
    }

    /** The same request each time, for which no other thread is needed. */
    private record FixedRequest(ConnectRequest request) implements RequestSupplier {
        @Override
        public ConnectRequest next(@Nullable Disconnect last) {
            return request;
        }
    }

    private final ClientContext client;
    private final EventLoop loop;
    private final RequestSupplier requests;
    private final ReconnectPolicy policy;
    private final ReconnectListener listener;
    private final Backoff backoff;
    private final ConnectionRegistry.Entry entry = () -> close(CloseCode.GOING_AWAY, "");
    private final CompletableFuture<@Nullable Disconnect> ended = new CompletableFuture<>();

    private volatile State state = State.CONNECTING;
    private volatile @Nullable WebSocket webSocket;
    /** What to close with, once there shall be no further connection. */
    private volatile @Nullable ClosePayload closing;

    /** The connection that is open or under way; with the rest for the loop only. */
    private @Nullable ReconnectListenerAdapter current;

    private @Nullable CompletableFuture<WebSocket> connecting;
    private @Nullable Timer timer;
    private @Nullable Disconnect last;

    private ReconnectingWebSocket(
            WebSocketClient client, RequestSupplier requests, ReconnectPolicy policy, ReconnectListener listener) {
        this.client = client.context();
        this.loop = client.nextLoop();
        this.requests = requests;
        this.policy = policy;
        this.listener = listener;
        this.backoff = new Backoff(policy, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Begins to connect, with the same request each time.
     *
     * @param client connects; closing it ends this too
     * @param request where to, and what to ask for, each time
     * @param policy when to connect again
     * @param listener is told what happens
     * @return what closes it
     * @throws IllegalArgumentException as {@link WebSocketClient#connect(ConnectRequest, WebSocketListener)} says
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, ConnectRequest request, ReconnectPolicy policy, ReconnectListener listener) {
        WebSocketClient.check(request);
        return start(client, new FixedRequest(request), policy, listener);
    }

    /**
     * Begins to connect, with a request that is made anew each time.
     *
     * @param client connects; closing it ends this too
     * @param requests where to, and what to ask for: called before each connect, and may fetch a token
     * @param policy when to connect again
     * @param listener is told what happens
     * @return what closes it
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, RequestSupplier requests, ReconnectPolicy policy, ReconnectListener listener) {
        requireNonNull(listener);
        ReconnectingWebSocket reconnecting = new ReconnectingWebSocket(client, requests, policy, listener);
        if (reconnecting.client.registry().begins(reconnecting.entry)) {
            reconnecting.onLoop(reconnecting::connect);
        } else {
            reconnecting.fail(new IOException("the client was closed"));
        }
        return reconnecting;
    }

    /**
     * What it does.
     *
     * @return the state; it may have changed by the time it is looked at
     */
    public State state() {
        return state;
    }

    /**
     * The connection.
     *
     * @return the open one, if there is one
     */
    public Optional<WebSocket> webSocket() {
        return Optional.ofNullable(webSocket);
    }

    /**
     * When it has ended.
     *
     * @return completes, on the event loop, when there is no connection and will be none: with null after
     *     {@link #close()} or the end of the client, else with what it has given up at; fails with what the policy or the
     *     listener has thrown, or with an {@link IOException} if the client was closed before it began
     */
    public CompletionStage<@Nullable Disconnect> whenEnded() {
        return ended.minimalCompletionStage();
    }

    /** Makes no further attempt, gives up what is under way, and closes an open connection with 1000. Does not wait. */
    @Override
    public void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /**
     * Makes no further attempt, gives up what is under way, and closes an open connection. Does not wait. Does nothing the
     * second time.
     *
     * @param code as for {@link WebSocket#close(CloseCode, String)}
     * @param reason at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long or not well-formed
     */
    public void close(CloseCode code, String reason) {
        ClosePayload payload = new ClosePayload(code, reason);
        synchronized (this) {
            if (closing != null) {
                return;
            }
            closing = payload;
        }
        onLoop(() -> stop(payload));
    }

    private void stop(ClosePayload payload) {
        client.registry().ended(entry); // nothing begins from here on; what is open is in there itself
        Timer waiting = timer;
        CompletableFuture<WebSocket> attempt = connecting;
        if (waiting != null) {
            waiting.cancel();
            timer = null;
            finish(null);
        } else if (attempt == null) {
            return; // the listener is being told of a loss: what follows looks whether to go on
        } else if (attempt.cancel(true)) {
            current = null;
            finish(null);
        } else {
            CompletableFuture<Void> unused =
                    attempt.thenAccept(open -> open.close(payload.code(), payload.reason())); // onClose finishes it
        }
    }

    /** Runs something on the loop; if there is none any more, the client has been closed, and this ends with it. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            finish(null);
        }
    }

    private void connect() {
        timer = null;
        if (closing != null) {
            finish(null);
            return;
        }
        state = State.CONNECTING;
        ReconnectListenerAdapter adapter = ReconnectListenerAdapter.of(owner, listener);
        CompletableFuture<WebSocket> attempt = new CompletableFuture<>();
        current = adapter;
        connecting = attempt;
        CompletableFuture<WebSocket> unused = attempt.whenComplete((open, failure) -> {
            if (failure != null) {
                onLoop(() -> lost(adapter, null, failure));
            }
        });
        if (requests instanceof FixedRequest fixed) {
            connect(fixed.request, adapter, attempt);
        } else {
            request(attempt, request -> connect(request, adapter, attempt));
        }
    }

    private void connect(
            ConnectRequest request, ReconnectListenerAdapter adapter, CompletableFuture<WebSocket> attempt) {
        new ConnectOperation(client, loop, request, adapter, attempt).start();
    }

    /** Makes the request off the loop, because that may block. What it throws is a connect that has failed. */
    private void request(CompletableFuture<WebSocket> attempt, Consumer<ConnectRequest> then) {
        StepRunner runner = new StepRunner(loop, attempt::completeExceptionally);
        CompletableFuture<WebSocket> unused =
                attempt.whenComplete((open, failure) -> onLoop(runner::stop)); // the attempt may be given up
        Disconnect before = last;
        Callable<ConnectRequest> call = () -> {
            ConnectRequest request = requireNonNull(requests.next(before), "the request is null");
            WebSocketClient.check(request);
            return request;
        };
        runner.run(
                new OffLoopCall<>(client.defaults().executor, loop, this, "the request supplier", call),
                client.defaults().timeout,
                then::accept);
    }

    private final ReconnectListenerAdapter.Owner owner = new ReconnectListenerAdapter.Owner() {
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
        public void closed(ReconnectListenerAdapter connection, CloseEvent event) {
            webSocket = null;
            onLoop(() -> lost(connection, event, event.cause()));
        }
    };

    private void lost(ReconnectListenerAdapter connection, @Nullable CloseEvent event, @Nullable Throwable cause) {
        if (connection != current) {
            return; // known already, or not of interest any more
        }
        current = null;
        connecting = null;
        if (closing != null) {
            finish(null);
            return;
        }
        long now = System.nanoTime();
        Disconnect disconnect = new Disconnect(event, cause, backoff.lost(now));
        last = disconnect;
        try {
            OptionalLong delay = policy.retries().test(disconnect)
                    ? backoff.delay(now, RetryAfter.nanos(cause))
                    : OptionalLong.empty();
            delay.ifPresentOrElse(nanos -> pause(disconnect, nanos), () -> giveUp(disconnect));
        } catch (RuntimeException | Error thrown) { // by the policy's rule
            fail(thrown);
        }
    }

    private void pause(Disconnect disconnect, long nanos) {
        state = State.WAITING;
        tell(() -> listener.onReconnect(this, disconnect, Duration.ofNanos(nanos)), () -> {
            if (closing != null) {
                finish(null);
            } else {
                timer = loop.schedule(nanos, this::connect);
            }
        });
    }

    private void giveUp(Disconnect disconnect) {
        state = State.ENDED;
        tell(() -> listener.onGivenUp(this, disconnect), () -> finish(disconnect));
    }

    /** Calls the listener where it is to be called, then goes on on the loop. */
    private void tell(Runnable call, Runnable then) {
        Runnable both = () -> {
            try {
                call.run();
            } catch (RuntimeException | Error thrown) {
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
        } catch (RejectedExecutionException rejected) {
            // a call on the wrong thread is better than none
        }
        both.run();
    }

    private void finish(@Nullable Disconnect disconnect) {
        end();
        ended.complete(disconnect);
    }

    private void fail(Throwable cause) {
        end();
        ended.completeExceptionally(cause);
    }

    private void end() {
        state = State.ENDED;
        client.registry().ended(entry);
    }
}
