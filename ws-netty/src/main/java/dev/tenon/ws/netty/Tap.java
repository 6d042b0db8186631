package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Shows a {@link WireTap} the bytes of one WebSocket. The tap receives the heads of all versions as text in the form of
 * HTTP/1.1; HTTP/2 and HTTP/3 transmit them in another form.
 *
 * @param wire receives the heads and bytes; an exception of it ends the WebSocket
 * @param carrier carries the WebSocket
 */
record Tap(WireTap wire, Carrier carrier) {
    void received(HttpRequest request) {
        String start = request.method() + " " + request.target() + " " + carrier.version();
        callTap(() -> wire.received(head(start, request.headers())));
    }

    void received(ByteBuf bytes) {
        callTap(() -> wire.received(view(bytes)));
    }

    void sent(HttpResponse response) {
        HttpVersion version = carrier.version();
        String reason = version.isHttp1() ? " " + response.reason() : "";
        callTap(() -> wire.sent(head(version + " " + response.status() + reason, response.headers())));
    }

    void sent(ByteBuf bytes) {
        callTap(() -> wire.sent(view(bytes)));
    }

    private void callTap(Runnable what) {
        try {
            what.run();
        } catch (Throwable thrown) {
            carrier.failed(new IOException("the tap has failed", thrown));
            carrier.abort();
        }
    }

    private static ByteBuffer view(ByteBuf bytes) {
        return bytes.nioBuffer().asReadOnlyBuffer();
    }

    private static ByteBuffer head(String start, Headers headers) {
        StringBuilder head = new StringBuilder(512).append(start).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
