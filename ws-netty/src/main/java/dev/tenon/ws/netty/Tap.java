package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Shows a {@link WireTap} what goes over one WebSocket. Heads are shown as text, as HTTP/1.1 has them: those of HTTP/2 and HTTP/3
 * travel in another form.
 *
 * @param wire is told
 * @param version the version of HTTP
 */
record Tap(WireTap wire, HttpVersion version) {
    void received(HttpRequest request) {
        wire.received(head(request.method() + " " + request.target() + " " + version, request.headers()));
    }

    void received(ByteBuf bytes) {
        wire.received(view(bytes));
    }

    void sent(HttpResponse response) {
        String reason = version.isHttp1() ? " " + response.reason() : "";
        wire.sent(head(version + " " + response.status() + reason, response.headers()));
    }

    void sent(ByteBuf bytes) {
        wire.sent(view(bytes));
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
