package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of an HTTP/1.1 connection (RFC 9112), sans-IO: requests one at a time and in order, their bodies up to
 * a limit, keep-alive, pipelining, {@code Expect: 100-continue}, timeouts. Bytes go in, {@linkplain HttpEvent events} come
 * out, in any split of the bytes the same ones. What drives it owns the socket and the clock:
 *
 * <pre>{@code
 * http.receive(input, now);
 * for (HttpEvent event; (event = http.nextEvent()) != null; ) {
 *     switch (event) {
 *         case Head head -> http.readBody(limitFor(head.request()), now);
 *         case Request request -> http.respond(answerTo(request), now);
 *         case Send send -> socket.write(send.bytes());        // and http.sent(now), once all has left
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>A request is an exchange with a lifetime: it ends by its response, or as {@link HttpEvent.Cancelled} when its client
 * leaves or the response is too late. Not thread-safe. All times are nanoseconds on one clock that only runs forward.
 */
public final class HttpConnection {
    private final HttpLifecycle life;
    private final HttpOutput output;
    private final HttpInput input;

    /**
     * A connection at its start.
     *
     * @param options limits and timeouts
     * @param date gives the value of {@code Date} at this moment (RFC 9110 §5.6.7)
     * @param nowNanos the time, from which the first request's timeout counts
     */
    public HttpConnection(HttpOptions options, Supplier<String> date, long nowNanos) {
        this.life = new HttpLifecycle(options);
        this.output = new HttpOutput(life, date);
        this.input = new HttpInput(life, output);
        life.timeout.start(options.requestTimeout(), nowNanos);
    }

    /**
     * The next event.
     *
     * @return the oldest event that was not taken yet, or null
     */
    public @Nullable HttpEvent nextEvent() {
        return life.nextEvent();
    }

    /**
     * When {@link #tick} has something to do.
     *
     * @return the time, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        return life.timeout.deadline();
    }

    /**
     * Whether {@link #receive} takes bytes. If not, the driver keeps them and asks again after its next call of any other
     * method.
     *
     * @return false while a response is awaited and enough of later requests is held, while one leaves that is not the last,
     *     and after an upgrade
     */
    public boolean wantsInput() {
        return input.wantsInput();
    }

    // Inbound

    /**
     * Takes bytes of the client.
     *
     * @param input from position to limit; not changed, not kept. What is left in it afterwards is to be given again, once
     *     {@link #wantsInput()} says so
     * @param nowNanos the time
     */
    public void receive(ByteBuffer input, long nowNanos) {
        this.input.receive(input, nowNanos);
    }

    /**
     * The client has ended its direction. If it awaits a response, it has left, as far as can be known: the exchange is
     * cancelled. As few clients only end one direction, a response that is given within two seconds is still sent.
     *
     * @param nowNanos the time
     */
    public void inputEnded(long nowNanos) {
        input.end(nowNanos);
    }

    // What the server decides

    /**
     * Reads the body of the request whose head was read last. If the head says that it is longer than the limit, the
     * request is refused with 413 at once, before {@code 100 Continue}.
     *
     * @param limit the most bytes; 0 refuses every body
     * @param nowNanos the time
     * @throws IllegalStateException if the head was not the last event
     */
    public void readBody(int limit, long nowNanos) {
        input.readBody(limit, nowNanos);
    }

    /**
     * Sets the time for the response to the request under way, in place of {@link HttpOptions#responseTimeout}.
     *
     * @param duration from now on, or from the end of the body
     * @param nowNanos the time
     */
    public void responseTimeout(Duration duration, long nowNanos) {
        if (life.state().awaitsResponse() && !life.inputEnded) {
            life.responseTimeout = duration;
            life.timeout.start(duration, nowNanos);
        }
    }

    /**
     * Responds to the request under way. {@code Date} is added, {@code Content-Length} is written as it is, and HEAD gets
     * no body. The connection ends afterwards if either side says {@code Connection: close}, in HTTP/1.0, while draining,
     * and if a body was left unread.
     *
     * @param response the response
     * @param nowNanos the time
     * @return false if the exchange is over: its client has left, or its time was up
     * @throws IllegalStateException if the response cannot travel: nothing has left then, and another one may be given
     */
    public boolean respond(HttpResponse response, long nowNanos) {
        return output.respond(response, nowNanos);
    }

    /**
     * Responds to the request under way as {@link #respond} does, with a body that follows in pieces. {@link
     * HttpEvent.WantsBody} asks for each of them once all before has left, so that no more than one waits in memory. To HEAD
     * the head alone is sent.
     *
     * @param response the response, without a body
     * @param length how long the body is, in bytes
     * @param nowNanos the time
     * @return false if the exchange is over: its client has left, or its time was up
     * @throws IllegalStateException if the response cannot travel: nothing has left then, and another one may be given
     */
    public boolean startBody(HttpResponse response, long length, long nowNanos) {
        return output.startBody(response, length, nowNanos);
    }

    /**
     * Gives the next piece of a body.
     *
     * @param piece from position to limit, at least one byte; the connection's to keep
     * @param nowNanos the time
     * @return false if the connection has ended meanwhile
     * @throws IllegalArgumentException if the piece is empty, or longer than what is left of the body
     */
    public boolean sendBody(ByteBuffer piece, long nowNanos) {
        return output.sendBody(piece, nowNanos);
    }

    /**
     * Whether pieces of a body are awaited.
     *
     * @return true between {@link #startBody} and the last piece, false once the connection has ended
     */
    public boolean isStreaming() {
        return life.state() == HttpState.STREAMING;
    }

    /** Gives up a body that cannot be completed: the connection is closed, so that the client sees that it is cut. */
    public void abortBody() {
        if (life.state() == HttpState.STREAMING) {
            life.close(true);
        }
    }

    /**
     * Refuses the request under way, be it read in full or not, and ends the connection behind the refusal.
     *
     * @param refusal carries the response
     * @param nowNanos the time
     * @return false if there is no request to refuse any more
     * @throws IllegalStateException if the response cannot travel: nothing has left then, and another one may be given
     */
    public boolean refuse(HandshakeException refusal, long nowNanos) {
        return output.refuse(refusal, nowNanos);
    }

    /**
     * Accepts the upgrade whose head was read last: the response follows as {@link HttpEvent.Send}, and this connection has
     * nothing more to say.
     *
     * @param response the 101
     * @return what was held of the bytes behind the head, the new protocol's; those that {@link #receive} has left come
     *     behind them
     * @throws IllegalStateException if the head was not the last event, or the exchange is over
     */
    public ByteBuffer upgrade(HttpResponse response) {
        return output.upgrade(response);
    }

    /**
     * Whether the request under way still awaits its response.
     *
     * @return false once it was answered or cancelled
     */
    public boolean awaitsResponse() {
        return life.state().awaitsResponse();
    }

    // Outbound

    /**
     * The transport has sent all that it was given.
     *
     * @param nowNanos the time
     */
    public void sent(long nowNanos) {
        if (output.sent(nowNanos)) {
            input.parseHeld(nowNanos);
        }
    }

    /**
     * The transport has sent some of what waits: the client reads.
     *
     * @param nowNanos the time
     */
    public void progressed(long nowNanos) {
        output.progressed(nowNanos);
    }

    // The end

    /** Ends the connection in good order: at once between two requests, else behind the response under way. */
    public void drain() {
        life.draining = true;
        if (life.state() == HttpState.READING_HEAD && input.isBetweenRequests()) {
            life.close(false);
        }
    }

    /** The transport is closed: an exchange under way is cancelled. */
    public void closed() {
        if (life.state().awaitsResponse() && !life.inputEnded) {
            life.emit(new HttpEvent.Cancelled());
        }
        life.become(HttpState.Input.CLOSE);
        life.timeout.stop();
    }

    /**
     * Does what is due.
     *
     * @param nowNanos the time
     */
    public void tick(long nowNanos) {
        if (!life.timeout.isOver(nowNanos)) {
            return;
        }
        switch (life.state()) {
            case READING_HEAD -> {
                if (input.isBetweenRequests()) {
                    life.close(false); // an idle client has done nothing wrong
                } else {
                    refuse(HandshakeException.refuse(RequestViolation.TOO_SLOW), nowNanos);
                }
            }
            case READING_BODY -> refuse(HandshakeException.refuse(RequestViolation.TOO_SLOW), nowNanos);
            case DECIDING, RESPONDING -> cancelLate(nowNanos);
            case STREAMING, SENDING, SENDING_LAST -> life.close(true);
            case LINGERING -> life.close(false);
            case UPGRADED, CLOSED -> life.timeout.stop();
        }
    }

    private void cancelLate(long nowNanos) {
        if (life.inputEnded) { // cancelled before
            life.close(false);
        } else {
            life.emit(new HttpEvent.Cancelled());
            refuse(HandshakeException.refuse(503, "the response took too long"), nowNanos);
        }
    }

    HttpState state() {
        return life.state();
    }
}
