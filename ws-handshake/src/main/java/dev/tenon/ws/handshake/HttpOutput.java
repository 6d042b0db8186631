package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The outbound half of an {@link HttpConnection}: responses, whole or in pieces, refusals and the last response. */
final class HttpOutput {
    private final HttpLifecycle lifecycle;
    private final Supplier<String> date;
    /** How many bytes of a streamed body are missing. */
    private long unsent;
    /** Whether the event for the next piece has been sent. */
    private boolean bodyRequested;
    /** Whether the streamed response is the last one of the connection. */
    private boolean last;

    HttpOutput(HttpLifecycle lifecycle, Supplier<String> date) {
        this.lifecycle = lifecycle;
        this.date = date;
    }

    boolean respond(HttpResponse response, long nowNanos) {
        if (!lifecycle.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = lifecycle.currentRequest();
        boolean isLast = isLast(head, response);
        ByteBuffer bytes = HttpResponseWriter.write(head.method(), response, isLast, date.get());
        send(bytes, isLast, nowNanos);
        return true;
    }

    /** Whether the connection ends after a response. */
    private boolean isLast(HttpRequest head, HttpResponse response) {
        return lifecycle.draining
                || head.version() == HttpVersion.HTTP_1_0
                || head.headers().hasToken("Connection", "close")
                || response.headers().hasToken("Connection", "close")
                || (lifecycle.state() == HttpState.DECIDING
                        && !DeclaredBody.of(head).isEmpty());
    }

    boolean refuse(HandshakeException refusal, long nowNanos) {
        if (!lifecycle.state().reads() && !lifecycle.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = lifecycle.request;
        ByteBuffer bytes =
                HttpResponseWriter.write(head == null ? "GET" : head.method(), refusal.toResponse(), true, date.get());
        lifecycle.emit(new HttpEvent.Refused(refusal));
        send(bytes, true, nowNanos);
        return true;
    }

    private void send(ByteBuffer bytes, boolean isLast, long nowNanos) {
        lifecycle.emit(new HttpEvent.Send(bytes));
        end(isLast, nowNanos);
    }

    private void end(boolean isLast, long nowNanos) {
        lifecycle.become(isLast ? HttpState.Input.LAST_RESPONSE : HttpState.Input.RESPONSE);
        lifecycle.timeout.start(lifecycle.options.sendTimeout(), nowNanos);
        lifecycle.request = null;
        if (isLast) {
            lifecycle.held.release();
        }
    }

    boolean mayUpgrade() {
        return lifecycle.state() == HttpState.DECIDING && !lifecycle.inputEnded;
    }

    ByteBuffer upgrade(HttpResponse response) {
        lifecycle.requireState(mayUpgrade(), "no upgrade is under way");
        lifecycle.emit(new HttpEvent.Send(response.encode()));
        lifecycle.become(HttpState.Input.UPGRADE);
        lifecycle.timeout.stop();
        return lifecycle.held.release();
    }

    // A body in pieces

    boolean startBody(HttpResponse response, long length, long nowNanos) {
        if (!lifecycle.state().awaitsResponse()) {
            return false;
        }
        HttpRequest head = lifecycle.currentRequest();
        boolean isLast = isLast(head, response);
        ByteBuffer bytes = HttpResponseWriter.writeHead(response, length, isLast, date.get());
        if (length == 0 || head.method().equals("HEAD")) {
            send(bytes, isLast, nowNanos);
            return true;
        }
        lifecycle.emit(new HttpEvent.Send(bytes));
        lifecycle.become(HttpState.Input.BODY_START);
        lifecycle.timeout.start(lifecycle.options.sendTimeout(), nowNanos);
        unsent = length;
        bodyRequested = false;
        last = isLast;
        return true;
    }

    boolean sendBody(ByteBuffer piece, long nowNanos) {
        if (lifecycle.state() != HttpState.STREAMING) {
            return false;
        }
        int length = piece.remaining();
        if (length == 0 || length > unsent) {
            throw new IllegalArgumentException(
                    "a piece of " + length + " bytes, where 1 to " + unsent + " are left of the body");
        }
        bodyRequested = false;
        unsent -= length;
        if (unsent == 0) {
            send(piece, last, nowNanos);
        } else {
            lifecycle.emit(new HttpEvent.Send(piece));
            lifecycle.timeout.start(lifecycle.options.sendTimeout(), nowNanos);
        }
        return true;
    }

    /** Called when all bytes have been sent; returns whether the next request may be read. */
    boolean sent(long nowNanos) {
        switch (lifecycle.state()) {
            case STREAMING -> {
                if (!bodyRequested) {
                    bodyRequested = true;
                    lifecycle.timeout.start(lifecycle.responseTimeout, nowNanos);
                    lifecycle.emit(new HttpEvent.WantsBody(unsent));
                }
            }
            case SENDING -> {
                lifecycle.become(HttpState.Input.SENT);
                lifecycle.timeout.start(lifecycle.options.requestTimeout(), nowNanos);
                if (!lifecycle.draining || !lifecycle.held.isEmpty()) {
                    return true;
                }
                lifecycle.close();
            }
            case SENDING_LAST -> {
                lifecycle.become(HttpState.Input.SENT);
                lifecycle.timeout.start(HttpLifecycle.LINGER, nowNanos);
                lifecycle.emit(new HttpEvent.EndOutput());
                if (lifecycle.inputEnded) {
                    lifecycle.close();
                }
            }
            default -> {}
        }
        return false;
    }

    void progressed(long nowNanos) {
        if (lifecycle.isSending()) {
            lifecycle.timeout.start(lifecycle.options.sendTimeout(), nowNanos);
        }
    }
}
