package dev.tenon.ws.handshake;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The state that both directions of an {@link HttpConnection} share: the protocol state, the running timeout, the
 * current request and the pending events.
 */
final class HttpLifecycle {
    /** How many bytes of pipelined requests are held until the current response is sent. */
    private static final int HELD_LIMIT = 16 * 1024;
    /**
     * How long a client may take to end its direction after the last response, and how long a response may take after
     * the client has ended its direction.
     */
    static final Duration LINGER = Duration.ofSeconds(2);

    final HttpOptions options;
    /** Bytes of pipelined requests. */
    final HeldBytes held = new HeldBytes(HELD_LIMIT);

    final Timeout timeout = new Timeout();
    private final ArrayDeque<HttpEvent> events = new ArrayDeque<>();
    private HttpState state = HttpState.READING_HEAD;

    @Nullable
    HttpRequest request;

    Duration responseTimeout;
    boolean inputEnded;
    boolean draining;

    HttpLifecycle(HttpOptions options) {
        this.options = options;
        this.responseTimeout = options.responseTimeout();
    }

    HttpState state() {
        return state;
    }

    void become(HttpState.Input input) {
        state = state.after(input);
    }

    void emit(HttpEvent event) {
        events.add(event);
    }

    @Nullable
    HttpEvent nextEvent() {
        return events.poll();
    }

    HttpRequest currentRequest() {
        HttpRequest current = request;
        if (current == null) {
            throw new IllegalStateException("no request is under way");
        }
        return current;
    }

    /** Whether bytes may be leaving, so that the timeout is the time without progress. */
    boolean isSending() {
        return state.sends() || (state == HttpState.CLOSED && timeout.isRunning());
    }

    /** Ends the connection behind the bytes that wait. The client must read them before the running timeout is over. */
    void close() {
        if (state != HttpState.CLOSED) {
            become(HttpState.Input.CLOSE);
            emit(new HttpEvent.Close(false));
        }
    }

    /** Ends the connection at once. */
    void abort() {
        become(HttpState.Input.CLOSE);
        timeout.stop();
        emit(new HttpEvent.Close(true));
    }

    void requireState(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
