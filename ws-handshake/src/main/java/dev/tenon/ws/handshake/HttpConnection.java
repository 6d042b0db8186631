package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of an HTTP/1.1 connection (RFC 9112) without I/O. It processes one request after the other, and
 * handles bodies up to a limit, keep-alive, pipelining, {@code Expect: 100-continue} and timeouts. Bytes go in and
 * {@linkplain HttpEvent events} come out, however the bytes are split. The caller owns the socket and the clock:
 *
 * <pre>{@code
 * http.receive(input, now);
 * for (HttpEvent event; (event = http.nextEvent()) != null; ) {
 *     switch (event) {
 *         case Head head -> http.readBody(limitFor(head.request()), now);
 *         case Request request -> http.respond(responseTo(request), now);
 *         case Send send -> socket.write(send.bytes());        // and http.sent(now), once all bytes are sent
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>An exchange begins with a request. It ends with its response, or with {@link HttpEvent.Cancelled} if the client
 * leaves or the response is too late. Not thread-safe. All times are nanoseconds of one monotonic clock.
 */
public final class HttpConnection {
    private final HttpLifecycle lifecycle;
    private final HttpOutput output;
    private final HttpInput input;

    /**
     * A connection at its start.
     *
     * @param options limits and timeouts
     * @param date returns the current value of {@code Date} (RFC 9110 §5.6.7)
     * @param nowNanos the time, at which the timeout of the first request begins
     */
    public HttpConnection(HttpOptions options, Supplier<String> date, long nowNanos) {
        this.lifecycle = new HttpLifecycle(options);
        this.output = new HttpOutput(lifecycle, date);
        this.input = new HttpInput(lifecycle, output);
        lifecycle.timeout.start(options.requestTimeout(), nowNanos);
    }

    /**
     * Removes the next event.
     *
     * @return the oldest event, or null if there is none
     */
    public @Nullable HttpEvent nextEvent() {
        return input.nextEvent();
    }

    /**
     * Returns the time at which {@link #tick} must be called.
     *
     * @return the time, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        return lifecycle.timeout.deadline();
    }

    /**
     * Whether {@link #receive} accepts bytes. If not, the caller keeps them and checks again after its next call of
     * another method.
     *
     * @return false while a response is missing and many bytes of later requests are held, while a response that is not
     *     the last one is being sent, and after an upgrade
     */
    public boolean isReadyForInput() {
        return input.isReadyForInput();
    }

    // Inbound

    /**
     * Reads bytes from the client.
     *
     * @param input from position to limit; not changed, not kept. The caller passes the rest of it again when {@link
     *     #isReadyForInput()} is true
     * @param nowNanos the time
     */
    public void receive(ByteBuffer input, long nowNanos) {
        this.input.receive(input, nowNanos);
    }

    /**
     * The client has ended its direction. If it waits for a response, it has probably left, so the exchange is
     * cancelled. A few clients end only one direction, so a response that comes within two seconds is still sent.
     *
     * @param nowNanos the time
     */
    public void inputEnded(long nowNanos) {
        input.end(nowNanos);
    }

    // What the server decides

    /**
     * Reads the body of the last request head. If the head declares a longer body than the limit, the request is
     * refused with 413 at once, before {@code 100 Continue}.
     *
     * @param limit the greatest length in bytes; 0 refuses every body
     * @param nowNanos the time
     * @throws IllegalStateException if the head was not the last event
     */
    public void readBody(int limit, long nowNanos) {
        input.readBody(limit, nowNanos);
    }

    /**
     * Sets the time limit for the current response, in place of {@link HttpOptions#responseTimeout}.
     *
     * @param duration counted from now, or from the end of the body
     * @param nowNanos the time
     */
    public void responseTimeout(Duration duration, long nowNanos) {
        if (lifecycle.state().awaitsResponse() && !lifecycle.inputEnded) {
            lifecycle.responseTimeout = duration;
            lifecycle.timeout.start(duration, nowNanos);
        }
    }

    /**
     * Responds to the current request. Adds {@code Date} and the correct {@code Content-Length}, and sends no body in
     * response to HEAD. The connection ends afterwards if either side sends {@code Connection: close}, in HTTP/1.0,
     * while draining, and if a body was left unread.
     *
     * @param response the response
     * @param nowNanos the time
     * @return false if the exchange is over: its client has left, or its time is over
     * @throws IllegalStateException if the response cannot be sent in this form; nothing was sent, and the caller may
     *     give another one
     */
    public boolean respond(HttpResponse response, long nowNanos) {
        return output.respond(response, nowNanos);
    }

    /**
     * Responds to the current request like {@link #respond}, with a body that follows in pieces. {@link
     * HttpEvent.WantsBody} asks for each piece after the one before has been sent, so at most one piece is in memory.
     * In response to HEAD only the head is sent.
     *
     * @param response the response, without a body
     * @param length how long the body is, in bytes
     * @param nowNanos the time
     * @return false if the exchange is over: its client has left, or its time is over
     * @throws IllegalStateException if the response cannot be sent in this form; nothing was sent, and the caller may
     *     give another one
     */
    public boolean startBody(HttpResponse response, long length, long nowNanos) {
        return output.startBody(response, length, nowNanos);
    }

    /**
     * Sends the next piece of a body.
     *
     * @param piece from position to limit, at least one byte; the connection keeps it
     * @param nowNanos the time
     * @return false if the connection has ended meanwhile
     * @throws IllegalArgumentException if the piece is empty, or longer than the rest of the body
     */
    public boolean sendBody(ByteBuffer piece, long nowNanos) {
        return output.sendBody(piece, nowNanos);
    }

    /**
     * Whether a body is being sent in pieces.
     *
     * @return true between {@link #startBody} and the last piece, false once the connection has ended
     */
    public boolean isStreaming() {
        return lifecycle.state() == HttpState.STREAMING;
    }

    /**
     * Aborts a body that cannot be completed. The connection is closed, so that the client notices the missing bytes.
     */
    public void abortBody() {
        if (lifecycle.state() == HttpState.STREAMING) {
            lifecycle.abort();
        }
    }

    /**
     * Refuses the current request, completely read or not, and ends the connection after the refusal.
     *
     * @param refusal has the response
     * @param nowNanos the time
     * @return false if there is no current request
     * @throws IllegalStateException if the response cannot be sent in this form; nothing was sent, and the caller may
     *     give another one
     */
    public boolean refuse(HandshakeException refusal, long nowNanos) {
        return output.refuse(refusal, nowNanos);
    }

    /**
     * Whether the last request head may be accepted as an upgrade. If the client has ended its direction, behind a
     * pipelined upgrade, it may not: the next event cancels the exchange.
     *
     * @return false if {@link #upgrade} would throw
     */
    public boolean mayUpgrade() {
        return output.mayUpgrade();
    }

    /**
     * Accepts the last request head as an upgrade. The response follows as the last {@link HttpEvent.Send}.
     *
     * @param response the 101
     * @return the held bytes of the new protocol; those that {@link #receive} has left follow them
     * @throws IllegalStateException if the head was not the last event, the client has ended its direction, or the
     *     exchange is over
     */
    public ByteBuffer upgrade(HttpResponse response) {
        return output.upgrade(response);
    }

    /**
     * Whether the current request has no response yet.
     *
     * @return false after its response or its cancellation
     */
    public boolean awaitsResponse() {
        return lifecycle.state().awaitsResponse();
    }

    // Outbound

    /**
     * The transport has sent all bytes.
     *
     * @param nowNanos the time
     */
    public void sent(long nowNanos) {
        if (output.sent(nowNanos)) {
            input.parseHeld(nowNanos);
        }
    }

    /**
     * The transport has sent some bytes, so the client is reading.
     *
     * @param nowNanos the time
     */
    public void progressed(long nowNanos) {
        output.progressed(nowNanos);
    }

    // The end

    /** Ends the connection gracefully: at once between two requests, otherwise after the current response. */
    public void drain() {
        lifecycle.draining = true;
        if (lifecycle.state() == HttpState.READING_HEAD && input.isBetweenRequests()) {
            lifecycle.close();
        }
    }

    /** The transport is closed. The current exchange is cancelled. */
    public void closed() {
        if (lifecycle.state().awaitsResponse() && !lifecycle.inputEnded) {
            lifecycle.emit(new HttpEvent.Cancelled());
        }
        lifecycle.become(HttpState.Input.CLOSE);
        lifecycle.timeout.stop();
    }

    /**
     * Handles timeouts that are over.
     *
     * @param nowNanos the time
     */
    public void tick(long nowNanos) {
        if (!lifecycle.timeout.isOver(nowNanos)) {
            return;
        }
        lifecycle.timeout.start(lifecycle.options.sendTimeout(), nowNanos); // for the last bytes
        switch (lifecycle.state()) {
            case READING_HEAD -> {
                if (input.isBetweenRequests()) {
                    lifecycle.close(); // an idle client gets no error response
                } else {
                    refuse(HandshakeException.refuse(RequestViolation.TOO_SLOW), nowNanos);
                }
            }
            case READING_BODY -> refuse(HandshakeException.refuse(RequestViolation.TOO_SLOW), nowNanos);
            case DECIDING, RESPONDING -> cancelLate(nowNanos);
            case STREAMING, SENDING, SENDING_LAST, CLOSED -> lifecycle.abort();
            case LINGERING -> lifecycle.close();
            case UPGRADED -> lifecycle.timeout.stop();
        }
    }

    private void cancelLate(long nowNanos) {
        if (lifecycle.inputEnded) { // cancelled before
            lifecycle.close();
        } else {
            lifecycle.emit(new HttpEvent.Cancelled());
            refuse(HandshakeException.refuse(503, "the response took too long"), nowNanos);
        }
    }

    HttpState state() {
        return lifecycle.state();
    }
}
