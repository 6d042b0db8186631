package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
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
    /** How many bytes of later requests are held while a response is awaited. */
    private static final int HELD_LIMIT = 16 * 1024;
    /** How long a client may take to end its direction behind the last response, and a response to come once it has. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final HttpOptions options;
    private final Supplier<String> date;
    private final RequestReader reader;
    /** Bytes of later requests. */
    private final HeldBytes held = new HeldBytes(HELD_LIMIT);

    private final ArrayDeque<HttpEvent> events = new ArrayDeque<>();

    private HttpState state = HttpState.READING_HEAD;
    private @Nullable HttpRequest request;
    private boolean inputEnded;
    private boolean draining;
    private Duration responseTimeout;
    private final Timeout timeout = new Timeout();

    /**
     * A connection at its start.
     *
     * @param options limits and timeouts
     * @param date gives the value of {@code Date} at this moment (RFC 9110 §5.6.7)
     * @param nowNanos the time, from which the first request's timeout counts
     */
    public HttpConnection(HttpOptions options, Supplier<String> date, long nowNanos) {
        this.options = options;
        this.date = date;
        this.reader = new RequestReader(options.headLimits());
        this.responseTimeout = options.responseTimeout();
        timeout.start(options.requestTimeout(), nowNanos);
    }

    /**
     * The next event.
     *
     * @return the oldest event that was not taken yet, or null
     */
    public @Nullable HttpEvent nextEvent() {
        return events.poll();
    }

    /**
     * When {@link #tick} has something to do.
     *
     * @return the time, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        return timeout.deadline();
    }

    /**
     * Whether {@link #receive} takes bytes. If not, the driver keeps them and asks again after its next call of any other
     * method.
     *
     * @return false while a response is awaited and enough of later requests is held, and after an upgrade
     */
    public boolean wantsInput() {
        return switch (state) {
            case READING_HEAD, READING_BODY, SENDING_LAST, LINGERING, CLOSED -> true;
            case RESPONDING -> !held.isFull();
            case DECIDING, SENDING, UPGRADED -> false;
        };
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
        parse(input, nowNanos);
        if (state.drops()) {
            input.position(input.limit());
        } else if (state == HttpState.RESPONDING && input.hasRemaining()) {
            held.take(input);
        }
    }

    private void parse(ByteBuffer input, long nowNanos) {
        try {
            while (input.hasRemaining() && state.reads()) {
                if (state == HttpState.READING_HEAD) {
                    readHead(input, nowNanos);
                } else {
                    readBodyBytes(input, nowNanos);
                }
            }
        } catch (HandshakeException refusal) {
            refuse(refusal, nowNanos);
        }
    }

    private void readHead(ByteBuffer input, long nowNanos) {
        HttpRequest head = reader.readHead(input);
        if (head == null) {
            return;
        }
        request = head;
        become(HttpState.Input.HEAD);
        responseTimeout = options.responseTimeout();
        timeout.start(responseTimeout, nowNanos);
        if (head.method().equals("CONNECT")) { // a 2xx would make a tunnel of the connection
            throw HandshakeException.refuse(501, "this is no proxy");
        }
        events.add(new HttpEvent.Head(head));
    }

    private void readBodyBytes(ByteBuffer input, long nowNanos) {
        ByteBuffer body = reader.readBody(input);
        if (body != null) {
            endBody(body, nowNanos);
        }
    }

    private void endBody(ByteBuffer body, long nowNanos) {
        become(HttpState.Input.BODY_END);
        timeout.start(responseTimeout, nowNanos);
        events.add(new HttpEvent.Request(currentRequest(), body));
        if (inputEnded) { // a pipelined request
            cancelWithClient(nowNanos);
        }
    }

    private HttpRequest currentRequest() {
        HttpRequest current = request;
        if (current == null) {
            throw new IllegalStateException("no request is under way");
        }
        return current;
    }

    /** Goes on with bytes that are held, where the state allows it. */
    private void parseHeld(long nowNanos) {
        parse(held.bytes(), nowNanos);
        if (inputEnded && state.reads()) { // which has used up all that was held
            close(false);
        }
    }

    /**
     * The client has ended its direction. If it awaits a response, it has left, as far as can be known: the exchange is
     * cancelled. As few clients only end one direction, a response that is given within two seconds is still sent.
     *
     * @param nowNanos the time
     */
    public void inputEnded(long nowNanos) {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        if (state.awaitsResponse()) {
            cancelWithClient(nowNanos);
        }
        if (state.after(HttpState.Input.INPUT_END) == HttpState.CLOSED) {
            close(false);
        }
    }

    private void cancelWithClient(long nowNanos) {
        events.add(new HttpEvent.Cancelled());
        timeout.start(LINGER, nowNanos);
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
        requireState(state == HttpState.DECIDING, "no head was read just now");
        HttpRequest head = currentRequest();
        DeclaredBody declared = DeclaredBody.of(head);
        if (declared.exceeds(limit)) {
            refuse(DeclaredBody.tooLong(limit), nowNanos);
            return;
        }
        become(HttpState.Input.BODY);
        if (declared.isEmpty()) {
            endBody(NO_BODY, nowNanos);
            return;
        }
        reader.startBody(head, limit);
        timeout.start(options.requestTimeout(), nowNanos);
        if (declared.awaitsContinue()) {
            events.add(DeclaredBody.sendContinue());
        }
        parseHeld(nowNanos);
    }

    /**
     * Sets the time for the response to the request under way, in place of {@link HttpOptions#responseTimeout}.
     *
     * @param duration from now on, or from the end of the body
     * @param nowNanos the time
     */
    public void responseTimeout(Duration duration, long nowNanos) {
        if (state.awaitsResponse() && !inputEnded) {
            responseTimeout = duration;
            timeout.start(duration, nowNanos);
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
        if (!state.awaitsResponse()) {
            return false;
        }
        HttpRequest head = currentRequest();
        boolean last = draining
                || head.version() == HttpVersion.HTTP_1_0
                || head.headers().hasToken("Connection", "close")
                || response.headers().hasToken("Connection", "close")
                || (state == HttpState.DECIDING && !DeclaredBody.of(head).isEmpty());
        send(write(head.method(), response, last), last, nowNanos);
        return true;
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
        if (!state.reads() && !state.awaitsResponse()) {
            return false;
        }
        HttpRequest head = request;
        ByteBuffer bytes = write(head == null ? "GET" : head.method(), refusal.answer(), true);
        events.add(new HttpEvent.Refused(refusal));
        send(bytes, true, nowNanos);
        return true;
    }

    private ByteBuffer write(String method, HttpResponse response, boolean last) {
        return HttpResponseWriter.write(method, response, last, date.get());
    }

    private void send(ByteBuffer bytes, boolean last, long nowNanos) {
        events.add(new HttpEvent.Send(bytes));
        become(last ? HttpState.Input.LAST_RESPONSE : HttpState.Input.RESPONSE);
        timeout.start(options.sendTimeout(), nowNanos);
        request = null;
        if (last) {
            held.release();
        }
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
        requireState(state == HttpState.DECIDING, "no upgrade is under way");
        events.add(new HttpEvent.Send(response.encode()));
        become(HttpState.Input.UPGRADE);
        timeout.stop();
        return held.release();
    }

    /**
     * Whether the request under way still awaits its response.
     *
     * @return false once it was answered or cancelled
     */
    public boolean awaitsResponse() {
        return state.awaitsResponse();
    }

    // Outbound

    /**
     * The transport has sent all that it was given.
     *
     * @param nowNanos the time
     */
    public void sent(long nowNanos) {
        if (state == HttpState.SENDING) {
            become(HttpState.Input.SENT);
            timeout.start(options.requestTimeout(), nowNanos);
            if (draining && held.isEmpty()) {
                close(false);
            } else {
                parseHeld(nowNanos);
            }
        } else if (state == HttpState.SENDING_LAST) {
            become(HttpState.Input.SENT);
            timeout.start(LINGER, nowNanos);
            events.add(new HttpEvent.EndOutput());
            if (inputEnded) {
                close(false);
            }
        }
    }

    /**
     * The transport has sent some of what waits: the client reads.
     *
     * @param nowNanos the time
     */
    public void progressed(long nowNanos) {
        if (state == HttpState.SENDING || state == HttpState.SENDING_LAST) {
            timeout.start(options.sendTimeout(), nowNanos);
        }
    }

    // The end

    /** Ends the connection in good order: at once between two requests, else behind the response under way. */
    public void drain() {
        draining = true;
        if (state == HttpState.READING_HEAD && reader.isBetweenRequests()) {
            close(false);
        }
    }

    /** The transport is closed: an exchange under way is cancelled. */
    public void closed() {
        if (state.awaitsResponse() && !inputEnded) {
            events.add(new HttpEvent.Cancelled());
        }
        become(HttpState.Input.CLOSE);
        timeout.stop();
    }

    /**
     * Does what is due.
     *
     * @param nowNanos the time
     */
    public void tick(long nowNanos) {
        if (!timeout.isOver(nowNanos)) {
            return;
        }
        switch (state) {
            case READING_HEAD -> {
                if (reader.isBetweenRequests()) {
                    close(false); // an idle client has done nothing wrong
                } else {
                    refuse(HandshakeException.refuse(408, "the request took too long"), nowNanos);
                }
            }
            case READING_BODY -> refuse(HandshakeException.refuse(408, "the request took too long"), nowNanos);
            case DECIDING, RESPONDING -> cancelLate(nowNanos);
            case SENDING, SENDING_LAST -> close(true);
            case LINGERING -> close(false);
            case UPGRADED, CLOSED -> timeout.stop();
        }
    }

    private void cancelLate(long nowNanos) {
        if (inputEnded) { // cancelled before
            close(false);
        } else {
            events.add(new HttpEvent.Cancelled());
            refuse(HandshakeException.refuse(503, "the response took too long"), nowNanos);
        }
    }

    private void close(boolean abort) {
        if (state == HttpState.CLOSED) {
            return;
        }
        become(HttpState.Input.CLOSE);
        timeout.stop();
        events.add(new HttpEvent.Close(abort));
    }

    private void become(HttpState.Input input) {
        state = state.after(input);
    }

    HttpState state() {
        return state;
    }

    private static void requireState(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
