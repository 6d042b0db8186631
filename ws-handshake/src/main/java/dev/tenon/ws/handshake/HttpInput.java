package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The inbound half of an {@link HttpConnection}: reads heads and bodies, and holds bytes of pipelined requests. */
final class HttpInput {
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final HttpLifecycle lifecycle;
    private final HttpOutput output;
    private final RequestReader reader;

    HttpInput(HttpLifecycle lifecycle, HttpOutput output) {
        this.lifecycle = lifecycle;
        this.output = output;
        this.reader = new RequestReader(lifecycle.options.headLimits());
    }

    boolean isBetweenRequests() {
        return reader.isBetweenRequests();
    }

    boolean isReadyForInput() {
        return switch (lifecycle.state()) {
            case READING_HEAD, READING_BODY, SENDING_LAST, LINGERING, CLOSED -> true;
            case RESPONDING -> !lifecycle.held.isFull();
            case DECIDING, SENDING, STREAMING, UPGRADED -> false;
        };
    }

    /**
     * Removes the next event, or cancels an upgrade behind another request whose client has ended its direction before.
     * Until all events are processed, an upgrade can still be accepted at once, and the head can be that of another
     * request.
     */
    @Nullable
    HttpEvent nextEvent() {
        HttpEvent next = lifecycle.nextEvent();
        if (next != null || !lifecycle.inputEnded || lifecycle.state() != HttpState.DECIDING) {
            return next;
        }
        lifecycle.emit(new HttpEvent.Cancelled());
        lifecycle.close();
        return lifecycle.nextEvent();
    }

    void receive(ByteBuffer input, long nowNanos) {
        parse(input, nowNanos);
        if (lifecycle.state().drops()) {
            input.position(input.limit());
        } else if (lifecycle.state() == HttpState.RESPONDING && input.hasRemaining()) {
            lifecycle.held.add(input);
        }
    }

    private void parse(ByteBuffer input, long nowNanos) {
        try {
            while (input.hasRemaining() && lifecycle.state().reads()) {
                if (lifecycle.state() == HttpState.READING_HEAD) {
                    readHead(input, nowNanos);
                } else {
                    readBodyBytes(input, nowNanos);
                }
            }
        } catch (HandshakeException refusal) {
            output.refuse(refusal, nowNanos);
        }
    }

    private void readHead(ByteBuffer input, long nowNanos) {
        HttpRequest head = reader.readHead(input);
        if (head == null) {
            return;
        }
        lifecycle.request = head;
        lifecycle.become(HttpState.Input.HEAD);
        lifecycle.responseTimeout = lifecycle.options.responseTimeout();
        lifecycle.timeout.start(lifecycle.responseTimeout, nowNanos);
        if (head.method().equals("CONNECT")) { // a 2xx would turn the connection into a tunnel
            throw HandshakeException.refuse(RequestViolation.TUNNEL_REQUESTED);
        }
        lifecycle.emit(new HttpEvent.Head(head));
    }

    private void readBodyBytes(ByteBuffer input, long nowNanos) {
        ByteBuffer body = reader.readBody(input);
        if (body != null) {
            endBody(body, nowNanos);
        }
    }

    private void endBody(ByteBuffer body, long nowNanos) {
        lifecycle.become(HttpState.Input.BODY_END);
        lifecycle.timeout.start(lifecycle.responseTimeout, nowNanos);
        lifecycle.emit(new HttpEvent.Request(lifecycle.currentRequest(), body));
        if (lifecycle.inputEnded) { // a pipelined request
            cancelWithClient(nowNanos);
        }
    }

    /** Continues with held bytes, if the state allows it. */
    void parseHeld(long nowNanos) {
        parse(lifecycle.held.bytes(), nowNanos);
        if (lifecycle.inputEnded && lifecycle.state().reads()) { // all held bytes are used up now
            lifecycle.close();
        }
    }

    void end(long nowNanos) {
        if (lifecycle.inputEnded) {
            return;
        }
        lifecycle.inputEnded = true;
        if (lifecycle.state().awaitsResponse()) {
            cancelWithClient(nowNanos);
        }
        if (lifecycle.state().after(HttpState.Input.INPUT_END) == HttpState.CLOSED) {
            lifecycle.close();
        }
    }

    private void cancelWithClient(long nowNanos) {
        lifecycle.emit(new HttpEvent.Cancelled());
        lifecycle.timeout.start(HttpLifecycle.LINGER, nowNanos);
    }

    void readBody(int limit, long nowNanos) {
        lifecycle.requireState(lifecycle.state() == HttpState.DECIDING, "no request waits for a decision");
        HttpRequest head = lifecycle.currentRequest();
        DeclaredBody declared = DeclaredBody.of(head);
        if (declared.exceeds(limit)) {
            output.refuse(DeclaredBody.tooLong(limit), nowNanos);
            return;
        }
        lifecycle.become(HttpState.Input.BODY);
        if (declared.isEmpty()) {
            endBody(NO_BODY, nowNanos);
            return;
        }
        reader.startBody(head, limit);
        lifecycle.timeout.start(lifecycle.options.requestTimeout(), nowNanos);
        if (declared.awaitsContinue()) {
            lifecycle.emit(DeclaredBody.sendContinue());
        }
        parseHeld(nowNanos);
    }
}
