package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** The inbound half of an {@link HttpConnection}: reads heads and bodies, and holds bytes of pipelined requests. */
final class HttpInput {
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final HttpLifecycle life;
    private final HttpOutput output;
    private final RequestReader reader;

    HttpInput(HttpLifecycle life, HttpOutput output) {
        this.life = life;
        this.output = output;
        this.reader = new RequestReader(life.options.headLimits());
    }

    boolean isBetweenRequests() {
        return reader.isBetweenRequests();
    }

    boolean isReadyForInput() {
        return switch (life.state()) {
            case READING_HEAD, READING_BODY, SENDING_LAST, LINGERING, CLOSED -> true;
            case RESPONDING -> !life.held.isFull();
            case DECIDING, SENDING, STREAMING, UPGRADED -> false;
        };
    }

    void receive(ByteBuffer input, long nowNanos) {
        parse(input, nowNanos);
        if (life.state().drops()) {
            input.position(input.limit());
        } else if (life.state() == HttpState.RESPONDING && input.hasRemaining()) {
            life.held.add(input);
        }
    }

    private void parse(ByteBuffer input, long nowNanos) {
        try {
            while (input.hasRemaining() && life.state().reads()) {
                if (life.state() == HttpState.READING_HEAD) {
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
        life.request = head;
        life.become(HttpState.Input.HEAD);
        life.responseTimeout = life.options.responseTimeout();
        life.timeout.start(life.responseTimeout, nowNanos);
        if (head.method().equals("CONNECT")) { // a 2xx would turn the connection into a tunnel
            throw HandshakeException.refuse(RequestViolation.TUNNEL_REQUESTED);
        }
        life.emit(new HttpEvent.Head(head));
    }

    private void readBodyBytes(ByteBuffer input, long nowNanos) {
        ByteBuffer body = reader.readBody(input);
        if (body != null) {
            endBody(body, nowNanos);
        }
    }

    private void endBody(ByteBuffer body, long nowNanos) {
        life.become(HttpState.Input.BODY_END);
        life.timeout.start(life.responseTimeout, nowNanos);
        life.emit(new HttpEvent.Request(life.currentRequest(), body));
        if (life.inputEnded) { // a pipelined request
            cancelWithClient(nowNanos);
        }
    }

    /** Continues with held bytes, if the state allows it. */
    void parseHeld(long nowNanos) {
        parse(life.held.bytes(), nowNanos);
        if (life.inputEnded && life.state().reads()) { // all held bytes are used up now
            life.close(false);
        }
    }

    void end(long nowNanos) {
        if (life.inputEnded) {
            return;
        }
        life.inputEnded = true;
        if (life.state().awaitsResponse()) {
            cancelWithClient(nowNanos);
        }
        if (life.state().after(HttpState.Input.INPUT_END) == HttpState.CLOSED) {
            life.close(false);
        }
    }

    private void cancelWithClient(long nowNanos) {
        life.emit(new HttpEvent.Cancelled());
        life.timeout.start(HttpLifecycle.LINGER, nowNanos);
    }

    void readBody(int limit, long nowNanos) {
        life.requireState(life.state() == HttpState.DECIDING, "no head was read just now");
        HttpRequest head = life.currentRequest();
        DeclaredBody declared = DeclaredBody.of(head);
        if (declared.exceeds(limit)) {
            output.refuse(DeclaredBody.tooLong(limit), nowNanos);
            return;
        }
        life.become(HttpState.Input.BODY);
        if (declared.isEmpty()) {
            endBody(NO_BODY, nowNanos);
            return;
        }
        reader.startBody(head, limit);
        life.timeout.start(life.options.requestTimeout(), nowNanos);
        if (declared.awaitsContinue()) {
            life.emit(DeclaredBody.sendContinue());
        }
        parseHeld(nowNanos);
    }
}
