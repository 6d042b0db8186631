package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.server.HostedRoutesBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients and routes for tests of handlers for Netty's frames. */
@ExtendWith(Leaks.class)
abstract class FrameHandlersTestBase {
    /** A test for each version. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    @interface EachVersion {}

    /** Records the events of a client as text. */
    static final class ClientLog implements WebSocketListener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final long demand;

        ClientLog() {
            this(Long.MAX_VALUE);
        }

        ClientLog(long demand) {
            this.demand = demand;
        }

        @Override
        public long initialDemand() {
            return demand;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            events.add("text " + text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            events.add("binary " + data.remaining());
        }

        @Override
        public void onPing(WebSocket webSocket, ByteBuffer payload) {
            events.add("ping " + payload.remaining());
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + payload.remaining());
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            events.add("close " + event.code().value() + " " + event.reason() + (event.wasClean() ? "" : "unclean"));
        }

        String next() throws InterruptedException {
            return String.valueOf(events.poll(60, TimeUnit.SECONDS));
        }
    }

    static void route(HostedRoutesBuilder routes, FrameHandlers handlers) {
        routes.route("/chat", upgrade -> upgrade.accept(handlers), options -> options.subprotocols("chat"));
    }

    static WebSocket connect(ServerAndClient ends, WebSocketListener listener) throws Exception {
        return ends.client()
                .connect(
                        WebSocketUri.parse(ends.uri("/chat?room=1")),
                        handshake -> handshake.subprotocols(List.of("chat")).header("X-Token", "t"),
                        listener)
                .get(60, TimeUnit.SECONDS);
    }

    /** Checks that there is no event, even after the event loop has run its tasks. */
    static void expectNothing(FrameLog handler) throws Exception {
        handler.context().executor().submit(() -> {}).sync();
        assertNull(handler.events.poll());
    }

    static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length);
    }
}
