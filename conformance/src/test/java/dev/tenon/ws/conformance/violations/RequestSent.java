package dev.tenon.ws.conformance.violations;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request in HTTP/1.1, whose body may have two bytes.
 *
 * @param text the request, one character for each byte
 * @param silence the pause after the request
 */
record RequestSent(HandshakeViolation violation, String text, Duration silence) implements Provocation {
    static final String GOOD = """
            GET /chat HTTP/1.1
            Host: example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n");

    private static final int MAX_BODY = 2;
    private static final ServerHandshake SERVER =
            new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.sameOrigin());

    RequestSent(HandshakeViolation violation, String text) {
        this(violation, text, Duration.ZERO);
    }

    /** Returns the valid request with one line replaced. */
    static RequestSent changed(HandshakeViolation violation, String from, String to) {
        return new RequestSent(violation, GOOD.replace(from, to));
    }

    /** Returns the valid request with one more line. */
    static RequestSent with(HandshakeViolation violation, String line) {
        return changed(violation, "Upgrade: w", line + "\r\nUpgrade: w");
    }

    /** Returns the valid request without one of its lines. */
    static RequestSent without(HandshakeViolation violation, String name) {
        return new RequestSent(violation, GOOD.replaceFirst("(?m)^" + name + ": [^\r]*\r\n", ""));
    }

    @Override
    public String receiver() {
        return "a server";
    }

    @Override
    public String example() {
        String difference = HeadText.difference(GOOD, text);
        return silence.isZero() ? difference : difference + ", then nothing for " + silence.toSeconds() + " s";
    }

    @Override
    public @Nullable Violation provoke() {
        HttpConnection http = new HttpConnection(HttpOptions.DEFAULT, () -> "", 0);
        ByteBuffer input = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        http.receive(input, 0);
        if (!silence.isZero()) {
            http.tick(silence.toNanos());
        }
        for (HttpEvent event = http.nextEvent(); event != null; event = http.nextEvent()) {
            if (event instanceof HttpEvent.Refused refused) {
                return refused.refusal().violation();
            }
            if (event instanceof HttpEvent.Head head) {
                takeHead(http, head);
                http.receive(input, 0);
            }
        }
        return null;
    }

    private static void takeHead(HttpConnection http, HttpEvent.Head head) {
        if (!head.request().method().equals("GET") && !ServerHandshake.isUpgrade(head.request())) {
            http.readBody(MAX_BODY, 0);
            return;
        }
        try {
            SERVER.check(head.request(), false, null);
        } catch (HandshakeException refusal) {
            http.refuse(refusal, 0);
        }
    }
}
