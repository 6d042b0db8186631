package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends the input and shows received messages, until either side ends the connection or the limits are reached. */
final class Conversation implements WebSocketListener {
    /**
     * When a conversation ends by itself.
     *
     * @param quiet the silence after the end of the input that closes the connection; negative to leave it open
     * @param count the number of messages to receive; 0 for any number
     * @param longest the longest duration after the opening; zero for no limit
     */
    record Limits(Duration quiet, long count, Duration longest) {}

    /** With any other code a peer that closes says that something went wrong. */
    private static final Set<CloseCode> GOOD =
            Set.of(CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RECEIVED);

    private final Output output;
    private final Limits limits;
    private final Timings timings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore writable = new Semaphore(0);
    private volatile @Nullable WebSocket peer;
    private volatile @Nullable CloseEvent end;
    private volatile long lastArrival;
    private volatile long pinged;
    private volatile boolean closing;
    /** The code with which this side has closed, which a peer repeats. */
    private volatile @Nullable CloseCode sentCode;

    private long arrived; // on the connection's thread

    Conversation(Output output, Limits limits, Timings timings) {
        this.output = output;
        this.limits = limits;
        this.timings = timings;
    }

    /** Sends the input until the conversation has ended; returns the tool's exit code. */
    int hold(Input input) throws InterruptedException {
        Thread reader = new Thread(() -> read(input), "tenon-input");
        reader.setDaemon(true); // a blocking read of the input cannot be interrupted
        reader.start();
        boolean inTime = awaitEnd();
        CloseEvent event = end;
        boolean clean = event != null
                && event.wasClean()
                && event.cause() == null
                && (GOOD.contains(event.code()) || event.code().equals(sentCode));
        return clean && !output.isBroken() && (inTime || limits.count() == 0) ? 0 : Problem.FAILED;
    }

    /** Waits for the end, and causes it at the timeout; returns whether it came before. */
    private boolean awaitEnd() throws InterruptedException {
        if (limits.longest().isZero()) {
            closed.await();
            return true;
        }
        if (closed.await(limits.longest().toNanos(), TimeUnit.NANOSECONDS)) {
            return true;
        }
        close(CloseCode.NORMAL_CLOSURE, "");
        closed.await();
        return false;
    }

    private void read(Input input) {
        try {
            boolean more = true;
            while (!closing && more) {
                more = input.next(this);
            }
            if (!closing && !limits.quiet().isNegative()) {
                awaitQuiet();
                close(CloseCode.NORMAL_CLOSURE, "");
            }
        } catch (IOException e) {
            output.note("the input cannot be read: " + e.getMessage());
            close(CloseCode.GOING_AWAY, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for replies until no message has arrived for some time. */
    private void awaitQuiet() throws InterruptedException {
        long begin = System.nanoTime();
        while (closed.getCount() > 0) {
            long since = Math.max(begin, lastArrival);
            long left = limits.quiet().toNanos() - (System.nanoTime() - since);
            if (left <= 0 || closed.await(left, TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    /** Sends a message, and waits while the peer is too slow. */
    void send(Message message) throws InterruptedException {
        WebSocket open = peer;
        while (open != null && open.trySend(message) == SendResult.REFUSED && open.readyState() == ReadyState.OPEN) {
            writable.acquire();
        }
        writable.drainPermits();
    }

    void ping(ByteBuffer payload) throws InterruptedException {
        WebSocket open = peer;
        pinged = System.nanoTime();
        if (open != null && open.sendPing(payload) == SendResult.REFUSED && open.readyState() == ReadyState.OPEN) {
            writable.acquire();
            output.note("not sent, the peer was too slow: say it again");
        }
    }

    void close(CloseCode code, String reason) {
        WebSocket open = peer;
        sentCode = code;
        if (open != null) {
            open.close(code, reason);
        }
        closing = true;
    }

    // Events of the connection

    @Override
    public void onOpen(WebSocket webSocket) {
        peer = webSocket;
        lastArrival = System.nanoTime();
        timings.opened();
        output.opened(webSocket, timings);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        if (isWanted()) {
            output.text(text);
            countArrival(webSocket);
        }
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        if (isWanted()) {
            output.binary(data);
            countArrival(webSocket);
        }
    }

    /** Messages beyond the limit are not shown: they were in flight when it was reached. */
    private boolean isWanted() {
        return !output.isBroken() && (limits.count() == 0 || arrived < limits.count());
    }

    private void countArrival(WebSocket webSocket) {
        lastArrival = System.nanoTime();
        arrived++;
        if (output.isBroken()) {
            output.note("the standard output is closed: nothing more can be shown");
        }
        if (arrived == limits.count() || output.isBroken()) {
            closing = true;
            webSocket.close(CloseCode.NORMAL_CLOSURE, "");
        }
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        lastArrival = System.nanoTime();
        output.pong(StandardCharsets.UTF_8.decode(payload).toString(), (System.nanoTime() - pinged) / 1e6);
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        writable.release();
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        end = event;
        closing = true;
        output.closed(event);
        writable.release();
        closed.countDown();
    }
}
