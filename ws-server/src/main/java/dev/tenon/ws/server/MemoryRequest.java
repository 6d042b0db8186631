package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpBodyReader;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client in memory that sends one plain HTTP request and reads its response. */
final class MemoryRequest implements Protocol {
    private final MemoryTransport transport;
    private final HttpRequest request;
    private final ByteBuffer body;
    private final HttpHeadParser<HttpResponse> parser = HttpHeadParser.forResponses(HeadLimits.DEFAULT);
    private @Nullable HttpResponse head;
    private @Nullable HttpBodyReader reader;
    private volatile @Nullable HttpResponse response;
    private volatile boolean over;

    MemoryRequest(MemoryTransport transport, HttpRequest request, ByteBuffer body) {
        this.transport = transport;
        this.request = request;
        this.body = body;
    }

    @Override
    public void opened() {
        transport.write(request.encode());
        transport.write(body);
    }

    @Override
    public void received(ByteBuffer input) {
        while (head == null || head.status() < 200) {
            head = parser.parse(input);
            if (head == null) {
                return;
            }
        }
        if (reader == null && !request.method().equals("HEAD")) {
            reader = HttpBodyReader.of(head, Integer.MAX_VALUE);
        }
        if (reader == null || reader.read(input)) {
            end(reader == null ? head : head.withBody(reader.body()));
        }
    }

    private void end(@Nullable HttpResponse whole) {
        response = whole;
        over = true;
        transport.abort();
    }

    boolean isOver() {
        return over;
    }

    /**
     * Returns the response.
     *
     * @throws HandshakeException if there is none
     */
    HttpResponse response() {
        HttpResponse whole = response;
        if (whole == null) {
            throw new HandshakeException("there is no response to " + request.method() + " " + request.path(), null);
        }
        return whole;
    }

    @Override
    public void inputEnded() {
        end(null);
    }

    @Override
    public void tick(long nowNanos) {}

    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public void closed(@Nullable IOException cause) {
        over = true;
    }
}
