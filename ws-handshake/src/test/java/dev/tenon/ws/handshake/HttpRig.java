package dev.tenon.ws.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Drives an {@link HttpConnection} as a transport does, and records its events and bytes. */
final class HttpRig {
    static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    static final long SECOND = 1_000_000_000L;

    final HttpConnection http;
    /** All events except bytes. */
    final List<String> log = new ArrayList<>();
    /** All bytes that were sent. */
    final StringBuilder sent = new StringBuilder();
    /** Returns the limit for the body of each request. */
    Function<HttpRequest, Integer> limit = request -> 100;
    /** Returns the response to each request; null means that it comes later. */
    Function<HttpEvent.Request, @Nullable HttpResponse> handler =
            event -> HttpResponse.text(200, event.request().target() + "=" + ISO_8859_1.decode(event.body()));
    /** Whether the transport sends all bytes at once. */
    boolean fast = true;

    private ByteBuffer rest = ByteBuffer.allocate(0);
    long now;

    HttpRig() {
        this(HttpOptions.DEFAULT);
    }

    HttpRig(HttpOptions options) {
        this(options, 0);
    }

    HttpRig(HttpOptions options, long now) {
        this.now = now;
        http = new HttpConnection(options, () -> DATE, now);
    }

    HttpRig receive(String text) {
        return receive(text.getBytes(ISO_8859_1));
    }

    /** Adds bytes to those that were not consumed yet, as a link does. */
    HttpRig receive(byte[] bytes) {
        ByteBuffer input = ByteBuffer.allocate(rest.remaining() + bytes.length)
                .put(rest)
                .put(bytes)
                .flip();
        rest = input;
        run();
        return this;
    }

    HttpRig respond(HttpResponse response) {
        if (!http.respond(response, now)) {
            log.add("too late");
        }
        run();
        return this;
    }

    HttpRig startBody(HttpResponse response, long length) {
        if (!http.startBody(response, length, now)) {
            log.add("too late");
        }
        run();
        return this;
    }

    HttpRig sendBody(String piece) {
        if (!http.sendBody(ByteBuffer.wrap(piece.getBytes(ISO_8859_1)), now)) {
            log.add("too late");
        }
        run();
        return this;
    }

    HttpRig leave() {
        http.inputEnded(now);
        run();
        return this;
    }

    HttpRig sentAll() {
        http.sent(now);
        run();
        return this;
    }

    HttpRig at(long seconds) {
        now = seconds * SECOND;
        http.tick(now);
        run();
        return this;
    }

    int unreadBytes() {
        return rest.remaining();
    }

    private void run() {
        takeEvents();
        while (rest.hasRemaining() && http.isReadyForInput()) {
            http.receive(rest, now);
            takeEvents();
        }
    }

    private void takeEvents() {
        boolean wrote = false;
        for (HttpEvent event; (event = http.nextEvent()) != null || wrote; ) {
            if (event == null) {
                wrote = false;
                if (fast) {
                    http.sent(now);
                }
                continue;
            }
            wrote |= event instanceof HttpEvent.Send;
            take(event);
        }
    }

    private void take(HttpEvent event) {
        if (event instanceof HttpEvent.Head head) {
            log.add("head " + head.request().method() + " " + head.request().target());
            if (!ServerHandshake.isUpgrade(head.request())) {
                http.readBody(limit.apply(head.request()), now);
            }
        } else if (event instanceof HttpEvent.Request request) {
            log.add("request " + request.request().target() + " "
                    + ISO_8859_1.decode(request.body().duplicate()));
            HttpResponse response = handler.apply(request);
            if (response != null) {
                http.respond(response, now);
            }
        } else if (event instanceof HttpEvent.Send send) {
            sent.append(ISO_8859_1.decode(send.bytes()));
        } else if (event instanceof HttpEvent.Refused refused) {
            log.add("refused " + refused.refusal().status());
        } else if (event instanceof HttpEvent.WantsBody wanted) {
            log.add("wants " + wanted.remaining());
        } else {
            log.add(event.toString());
        }
    }
}
