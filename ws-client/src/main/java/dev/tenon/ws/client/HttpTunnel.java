package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6, RFC 6455 §4.1 point 3). */
final class HttpTunnel extends LinkStep {
    private static final int MAX_INTERIM_RESPONSES = 16;

    private final Hop hop;
    private final Runnable done;
    private final Consumer<HttpResponse> challenged;
    private final HttpHeadParser<HttpResponse> parser = HttpHeadParser.forResponses(HeadLimits.RESPONSES);
    private int interimResponses;

    HttpTunnel(Link link, Hop hop, Runnable done, Consumer<HttpResponse> challenged, Consumer<IOException> failed) {
        super(link, failed);
        this.hop = hop;
        this.done = done;
        this.challenged = challenged;
    }

    void start(@Nullable String authorization) {
        link.switchTo(this);
        Headers.Builder headers = Headers.builder().add("Host", hop.authority());
        if (authorization != null) {
            headers.add("Proxy-Authorization", authorization);
        }
        link.write(new HttpRequest("CONNECT", hop.authority(), HttpVersion.HTTP_1_1, headers.build()).encode());
    }

    @Override
    public void received(ByteBuffer input) {
        try {
            HttpResponse answer;
            do {
                answer = parser.parse(input);
            } while (answer != null && isInterim(answer));
            if (answer != null) {
                judge(answer, input.hasRemaining());
            }
        } catch (HandshakeException malformed) {
            fail(new ProxyException(hop + " has given no HTTP answer to CONNECT: " + malformed.getMessage(), null));
        }
        input.position(input.limit());
    }

    private boolean isInterim(HttpResponse answer) {
        return answer.status() < 200 && answer.status() != 101 && ++interimResponses <= MAX_INTERIM_RESPONSES;
    }

    private void judge(HttpResponse answer, boolean more) {
        if (answer.status() == 407) {
            cancel();
            challenged.accept(answer);
        } else if (answer.status() < 200 || answer.status() > 299) {
            fail(refused(hop, answer));
        } else if (more) { // the client speaks first, with TLS or without: these bytes are not the server's
            fail(new ProxyException(hop + " has sent more than its answer to CONNECT", answer));
        } else {
            done();
            done.run();
        }
    }

    static ProxyException refused(Hop hop, HttpResponse answer) {
        return new ProxyException(
                hop + " did not connect to " + hop.authority() + ": " + answer.status() + " " + answer.reason(),
                answer);
    }

    @Override
    public String waitsFor() {
        return "the answer of " + hop + " to CONNECT";
    }
}
