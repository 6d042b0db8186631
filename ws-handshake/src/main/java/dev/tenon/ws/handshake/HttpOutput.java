package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The outbound half of an {@link HttpConnection}: responses, whole or in pieces, refusals and the last response. */
final class HttpOutput {
    private final HttpLifecycle life;
    private final Supplier<String> date;
    /** How many bytes of a streamed body are missing. */
    private long unsent;
    /** Whether the event for the next piece has been sent. */
    private boolean asked;
    /** Whether the streamed response is the last one of the connection. */
    private boolean last;

    HttpOutput(HttpLifecycle life, Supplier<String> date) {
        this.life = life;
        this.date = date;
    }

    boolean respond(HttpResponse response, long nowNanos) {
        if (!life.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = life.currentRequest();
        boolean isLast = isLast(head, response);
        ByteBuffer bytes = HttpResponseWriter.write(head.method(), response, isLast, date.get());
        send(bytes, isLast, nowNanos);
        return true;
    }

    /** Whether the connection ends after a response. */
    private boolean isLast(HttpRequest head, HttpResponse response) {
        return life.draining
                || head.version() == HttpVersion.HTTP_1_0
                || head.headers().hasToken("Connection", "close")
                || response.headers().hasToken("Connection", "close")
                || (life.state() == HttpState.DECIDING && !DeclaredBody.of(head).isEmpty());
    }

    boolean refuse(HandshakeException refusal, long nowNanos) {
        if (!life.state().reads() && !life.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = life.request;
        ByteBuffer bytes =
                HttpResponseWriter.write(head == null ? "GET" : head.method(), refusal.toResponse(), true, date.get());
        life.emit(new HttpEvent.Refused(refusal));
        send(bytes, true, nowNanos);
        return true;
    }

    private void send(ByteBuffer bytes, boolean isLast, long nowNanos) {
        life.emit(new HttpEvent.Send(bytes));
        end(isLast, nowNanos);
    }

    private void end(boolean isLast, long nowNanos) {
        life.become(isLast ? HttpState.Input.LAST_RESPONSE : HttpState.Input.RESPONSE);
        life.timeout.start(life.options.sendTimeout(), nowNanos);
        life.request = null;
        if (isLast) {
            life.held.release();
        }
    }

    ByteBuffer upgrade(HttpResponse response) {
        life.requireState(life.state() == HttpState.DECIDING, "no upgrade is under way");
        life.emit(new HttpEvent.Send(response.encode()));
        life.become(HttpState.Input.UPGRADE);
        life.timeout.stop();
        return life.held.release();
    }

    // A body in pieces

    boolean startBody(HttpResponse response, long length, long nowNanos) {
        if (!life.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = life.currentRequest();
        boolean isLast = isLast(head, response);
        ByteBuffer bytes = HttpResponseWriter.writeHead(response, length, isLast, date.get());
        if (length == 0 || head.method().equals("HEAD")) {
            send(bytes, isLast, nowNanos);
            return true;
        }
        life.emit(new HttpEvent.Send(bytes));
        life.become(HttpState.Input.BODY_START);
        life.timeout.start(life.options.sendTimeout(), nowNanos);
        unsent = length;
        asked = false;
        last = isLast;
        return true;
    }

    boolean sendBody(ByteBuffer piece, long nowNanos) {
        if (life.state() != HttpState.STREAMING) {
            return false;
        }
        int length = piece.remaining();
        if (length == 0 || length > unsent) {
            throw new IllegalArgumentException(
                    "a piece of " + length + " bytes, where 1 to " + unsent + " are left of the body");
        }
        asked = false;
        unsent -= length;
        if (unsent == 0) {
            send(piece, last, nowNanos);
        } else {
            life.emit(new HttpEvent.Send(piece));
            life.timeout.start(life.options.sendTimeout(), nowNanos);
        }
        return true;
    }

    /** Called when all bytes have been sent; returns whether the next request may be read. */
    boolean sent(long nowNanos) {
        switch (life.state()) {
            case STREAMING -> {
                if (!asked) {
                    asked = true;
                    life.timeout.start(life.responseTimeout, nowNanos);
                    life.emit(new HttpEvent.WantsBody(unsent));
                }
            }
            case SENDING -> {
                life.become(HttpState.Input.SENT);
                life.timeout.start(life.options.requestTimeout(), nowNanos);
                if (!life.draining || !life.held.isEmpty()) {
                    return true;
                }
                life.close(false);
            }
            case SENDING_LAST -> {
                life.become(HttpState.Input.SENT);
                life.timeout.start(HttpLifecycle.LINGER, nowNanos);
                life.emit(new HttpEvent.EndOutput());
                if (life.inputEnded) {
                    life.close(false);
                }
            }
            default -> {}
        }
        return false;
    }

    void progressed(long nowNanos) {
        if (life.state().sends()) {
            life.timeout.start(life.options.sendTimeout(), nowNanos);
        }
    }
}
