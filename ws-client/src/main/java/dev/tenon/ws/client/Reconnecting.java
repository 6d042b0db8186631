package dev.tenon.ws.client;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One connection after the other to the same server, as a {@link ReconnectPolicy} says, until it is closed or gives up. The
 * first connect is under the same policy as those that follow.
 *
 * <p>What was sent belongs to the connection that it was sent on. If that is lost, whatever its peer has not received is
 * lost with it, and what it has received cannot be told from that: nothing is sent again, and nothing is kept for the next
 * connection. Who needs more has to number messages and have them acknowledged, and can begin anew in {@code onOpen}. A
 * {@code WebSocket} of an earlier connection refuses what is sent on it.
 *
 * <p>Thread-safe.
 */
public final class Reconnecting implements AutoCloseable {
    /** Where it stands. */
    public enum State {
        /** An attempt is under way. */
        CONNECTING,
        /** There is a connection. */
        OPEN,
        /** There is none, and the next attempt waits for its time. */
        WAITING,
        /** There is none, and there will be none. */
        ENDED
    }

    private final Settings settings;
    private final EventLoop loop;
    private final ConnectRequest request;
    private final ReconnectPolicy policy;
    private final ReconnectListener listener;
    private final Backoff backoff;
    private final Ledger.Entry entry = () -> close(CloseCode.GOING_AWAY, "");
    private final CompletableFuture<@Nullable Loss> ended = new CompletableFuture<>();

    private volatile State state = State.CONNECTING;
    private volatile @Nullable WebSocket webSocket;
    /** What to close with, once there shall be no further connection. */
    private volatile @Nullable ClosePayload closing;

    /** The connection that is open or under way; with the rest for the loop only. */
    private @Nullable Relay current;

    private @Nullable CompletableFuture<WebSocket> connecting;
    private @Nullable Timer timer;

    private Reconnecting(
            WebSocketClient client, ConnectRequest request, ReconnectPolicy policy, ReconnectListener listener) {
        this.settings = client.settings();
        this.loop = client.nextLoop();
        this.request = request;
        this.policy = policy;
        this.listener = listener;
        this.backoff = new Backoff(policy, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Begins to connect.
     *
     * @param client connects; closing it ends this too
     * @param request where to, and what to ask for, each time
     * @param policy when to connect again
     * @param listener is told what happens
     * @return what closes it
     * @throws IllegalArgumentException as {@link WebSocketClient#connect(ConnectRequest, WebSocketListener)} says
     */
    public static Reconnecting start(
            WebSocketClient client, ConnectRequest request, ReconnectPolicy policy, ReconnectListener listener) {
        WebSocketClient.check(request);
        Reconnecting reconnecting = new Reconnecting(client, request, policy, listener);
        if (reconnecting.settings.ledger().begins(reconnecting.entry)) {
            reconnecting.onLoop(reconnecting::connect);
        } else {
            reconnecting.fail(new IOException("the client was closed"));
        }
        return reconnecting;
    }

    /**
     * Where it stands.
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
    public CompletionStage<@Nullable Loss> whenEnded() {
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
        settings.ledger().ended(entry); // nothing begins from here on; what is open is in there itself
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
        Relay relay = Relay.of(this, listener);
        CompletableFuture<WebSocket> attempt = new CompletableFuture<>();
        current = relay;
        connecting = attempt;
        CompletableFuture<WebSocket> unused = attempt.whenComplete((open, failure) -> {
            if (failure != null) {
                onLoop(() -> lost(relay, null, failure));
            }
        });
        new Connecting(settings, loop, request, relay, attempt).start();
    }

    /** A connection is open. Where listeners are called. */
    void opened(WebSocket open) {
        webSocket = open;
        if (state == State.CONNECTING) {
            state = State.OPEN;
        }
        long now = System.nanoTime();
        onLoop(() -> backoff.opened(now));
    }

    /** A connection has ended. Where listeners are called. */
    void closed(Relay relay, CloseEvent event) {
        webSocket = null;
        onLoop(() -> lost(relay, event, event.cause()));
    }

    private void lost(Relay relay, @Nullable CloseEvent event, @Nullable Throwable cause) {
        if (relay != current) {
            return; // known already, or not of interest any more
        }
        current = null;
        connecting = null;
        if (closing != null) {
            finish(null);
            return;
        }
        long now = System.nanoTime();
        Loss loss = new Loss(event, cause, backoff.lost(now));
        try {
            OptionalLong delay =
                    policy.retries().test(loss) ? backoff.delay(now, RetryAfter.nanos(cause)) : OptionalLong.empty();
            delay.ifPresentOrElse(nanos -> pause(loss, nanos), () -> giveUp(loss));
        } catch (RuntimeException | Error thrown) { // by the policy's rule
            fail(thrown);
        }
    }

    private void pause(Loss loss, long nanos) {
        state = State.WAITING;
        tell(() -> listener.onReconnect(this, loss, Duration.ofNanos(nanos)), () -> {
            if (closing != null) {
                finish(null);
            } else {
                timer = loop.schedule(nanos, this::connect);
            }
        });
    }

    private void giveUp(Loss loss) {
        state = State.ENDED;
        tell(() -> listener.onGivenUp(this, loss), () -> finish(loss));
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
        Executor executor = settings.listenerExecutor();
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

    private void finish(@Nullable Loss loss) {
        end();
        ended.complete(loss);
    }

    private void fail(Throwable cause) {
        end();
        ended.completeExceptionally(cause);
    }

    private void end() {
        state = State.ENDED;
        settings.ledger().ended(entry);
    }
}
