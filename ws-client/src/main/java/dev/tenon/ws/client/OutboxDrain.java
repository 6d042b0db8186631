package dev.tenon.ws.client;

import dev.tenon.ws.client.Outbox.Entry;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands the messages of an {@link Outbox} to one connection, as far as the connection has room. Works on the
 * connection's thread, and leaves it to other connections after each turn.
 */
final class OutboxDrain {
    private static final int TURN = 64;

    private final Outbox outbox;
    private final WebSocket webSocket;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Whether the connection had no room at the last message. */
    private boolean congested;

    OutboxDrain(Outbox outbox, WebSocket webSocket) {
        this.outbox = outbox;
        this.webSocket = webSocket;
    }

    /** Messages wait, or there is room again. From any thread. */
    void wake() {
        if (scheduled.getAndSet(true)) {
            return;
        }
        try {
            webSocket.executor().execute(this::run);
        } catch (RejectedExecutionException stopped) {
            // the client was closed, which fails what waits
        }
    }

    private void run() {
        scheduled.set(false);
        for (int i = 0; i < TURN && !congested; i++) {
            Entry next = outbox.handOver(this);
            if (next == null) {
                return;
            }
            send(next);
        }
        if (!congested) {
            wake();
        }
    }

    private void send(Entry entry) {
        SendResult result;
        try {
            result = webSocket.trySend(entry.message());
        } catch (Throwable thrown) { // by an extension
            boolean unused = outbox.settle(entry, thrown);
            return;
        }
        congested = result != SendResult.QUEUED;
        if (result == SendResult.REFUSED) {
            outbox.takeBack(entry);
            if (webSocket.readyState() == ReadyState.OPEN) { // else the next connection sends it
                whenSent(this::proceed);
            }
        } else {
            whenSent(() -> left(entry));
        }
    }

    private void whenSent(Runnable then) {
        CompletionStage<?> unused = webSocket.whenSent().thenRun(then);
    }

    private void left(Entry entry) {
        boolean more = outbox.settle(entry, null);
        if (congested && (!more || webSocket.isWritable())) {
            proceed();
        }
    }

    private void proceed() {
        congested = false;
        wake();
    }
}
