package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tap sees of a WebSocket, over each version of HTTP. */
@ExtendWith(Leaks.class)
class TapTest {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final class Log implements WireTap {
        @Override
        public void received(ByteBuffer bytes) {
            seen.add("→ " + describe(bytes));
        }

        @Override
        public void sent(ByteBuffer bytes) {
            seen.add("← " + describe(bytes));
        }

        private static String describe(ByteBuffer bytes) {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            String text = new String(all, StandardCharsets.ISO_8859_1);
            return text.endsWith("\r\n\r\n") ? text : ByteBufUtil.hexDump(all);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(60, TimeUnit.SECONDS));
    }

    /** Fails at the nth call. */
    private record FailingTap(AtomicInteger calls, int n) implements WireTap {
        @Override
        public void received(ByteBuffer bytes) {
            count();
        }

        @Override
        public void sent(ByteBuffer bytes) {
            count();
        }

        private void count() {
            if (calls.incrementAndGet() == n) {
                throw new IllegalStateException("broken");
            }
        }
    }

    /** A tap sees both heads, a received frame and a sent one; it fails at the second call of each. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, 3", "HTTP_1_1, 4", "HTTP_2, 3", "HTTP_2, 4", "HTTP_3, 3", "HTTP_3, 4"})
    void aTapThatFailsEndsItsWebSocketAndNoOther(HttpVersion version, int n) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ServerAndClient ends = ServerAndClient.start(
                version,
                settings -> settings.tap(head -> head.query() == null ? null : new FailingTap(calls, n)),
                routes -> routes.route("/", upgrade -> upgrade.accept(new RecordingListener())))) {
            RecordingListener other = new RecordingListener();
            WebSocket untapped = ends.client().connect(ends.uri("/"), other).get(60, TimeUnit.SECONDS);
            RecordingListener tapped = new RecordingListener();
            ends.client()
                    .connect(ends.uri("/?a=b"), tapped)
                    .get(60, TimeUnit.SECONDS)
                    .sendText("x");
            assertEquals(CloseCode.ABNORMAL_CLOSURE, tapped.end().code());
            untapped.sendText("y");
            assertEquals("y", other.text.get(60, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, GET /?a=b HTTP/1.1, HTTP/1.1 101 Switching Protocols",
        "HTTP_2, CONNECT /?a=b HTTP/2, HTTP/2 200",
        "HTTP_3, CONNECT /?a=b HTTP/3, HTTP/3 200"
    })
    void headsAreTextAndFramesAreMasked(HttpVersion version, String request, String response) throws Exception {
        try (NettyServer server = NettyServer.builder()
                        .tls(ServerAndClient.certificate(), ServerAndClient.key())
                        .tap(head -> "a=b".equals(head.query()) ? new Log() : null)
                        .routes(routes -> routes.extensions(Extensions.none())
                                .route("/", upgrade -> upgrade.accept(new RecordingListener())))
                        .start();
                NettyClient client = NettyClient.builder()
                        .trust(ServerAndClient.certificate())
                        .version(version)
                        .extensions(Extensions.none())
                        .build()) {
            String uri = "wss://127.0.0.1:" + server.port() + "/";
            RecordingListener untapped = new RecordingListener();
            client.connect(uri, untapped).get(60, TimeUnit.SECONDS).sendText("x");
            assertEquals("x", untapped.text.get(60, TimeUnit.SECONDS));
            client.connect(uri + "?a=b", new WebSocketListener() {})
                    .get(60, TimeUnit.SECONDS)
                    .sendText("hi");
            String head = next();
            assertTrue(head.startsWith("→ " + request + "\r\n"), head);
            assertEquals("← " + response, next().split("\r\n", 2)[0]);
            String frame = next();
            assertTrue(frame.startsWith("→ 8182") && frame.length() == 2 + 16, frame);
            assertEquals("← 81026869", next());
        }
    }
}
