package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A client and a server of this module understand each other, wherever the bytes between them are split. */
class BothSidesProperties {
    @Property(tries = 200)
    void clientAndServerAgree(@ForAll @IntRange(min = 1, max = 400) int split) {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://example.org/chat?room=1"))
                .subprotocols(List.of("superchat", "chat"))
                .header("Origin", "http://example.org")
                .start();
        ServerHandshake server = new ServerHandshake(Extensions.none(), List.of("chat"), OriginPolicy.sameOrigin());

        HttpRequest request = null;
        ByteBuffer sent = client.request().encode();
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        while (request == null) {
            request = parser.parse(next(sent, split));
        }
        assertEquals(client.request(), request);
        Agreement served = server.accept(server.check(request, false, null));
        assertEquals("ws://example.org/chat?room=1", served.upgrade().url());

        ByteBuffer response = ByteBuffer.allocate(1024);
        response.put(served.response().encode()).put((byte) 0x81).put((byte) 0).flip();
        Agreement agreed = null;
        while (agreed == null) {
            assertTrue(response.hasRemaining());
            ByteBuffer piece = next(response, split);
            agreed = client.receive(piece);
            response.position(response.position() - piece.remaining());
        }
        assertEquals("chat", agreed.upgrade().subprotocol());
        assertEquals(2, response.remaining(), "bytes behind the head belong to the frames");
    }

    private static ByteBuffer next(ByteBuffer from, int length) {
        ByteBuffer piece = from.slice(from.position(), Math.min(length, from.remaining()));
        from.position(from.position() + piece.remaining());
        return piece;
    }
}
