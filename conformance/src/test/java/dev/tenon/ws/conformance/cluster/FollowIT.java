package dev.tenon.ws.conformance.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.conformance.strangers.Browser;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import dev.tenon.ws.topics.HistoryLimits;
import dev.tenon.ws.topics.LocalBackbone;
import dev.tenon.ws.topics.Position;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the JavaScript function that follows a topic (README of ws-topics) in a browser, while its connections are lost.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class FollowIT {
    private static final String FOLLOW = """
        const done = arguments[arguments.length - 1], seen = [];
        let socket;
        follow(
          location.origin.replace('http', 'ws') + '/oak',
          message => {
            seen.push(message);
            socket.send(message);
            if (message.startsWith('"two"')) throw new Error('the page does not get this message again');
            if (message === 'end') done(encodeURIComponent(seen.join(' ')));
          },
          () => seen.push('GAP'),
          ready => { socket = ready; socket.send('ready'); });
        """;

    private static final ClusterTopics TOPICS =
            ClusterTopics.over(LocalBackbone.create(new HistoryLimits(5, 1 << 20, 10)), Envelope.json());

    /** Decides by the messages that the page has received what happens next. */
    private record Script(String after) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            if (after.isEmpty()) {
                TOPICS.subscribe("oak", webSocket);
            } else {
                TOPICS.resume("oak", webSocket, Position.parse(after));
            }
        }

        @Override
        public void onText(WebSocket webSocket, String received) {
            switch (received) {
                case "ready" ->
                    TOPICS.publishText("oak", after.isEmpty() ? "one" : after.endsWith(":2") ? "on" : "end");
                case "one" -> TOPICS.publishText("oak", "\"two\"\n\u00e9");
                case "\"two\"\n\u00e9" -> {
                    webSocket.abort();
                    TOPICS.publishText("oak", "missed");
                }
                case "on" -> {
                    webSocket.abort();
                    for (int i = 0; i < 10; i++) {
                        TOPICS.publishText("oak", "lost");
                    }
                }
                default -> {}
            }
        }
    }

    @Test
    void aPageGetsEachMessageOnceAndIsNotifiedOfAGap(@TempDir Path profile) throws Exception {
        Path root = Path.of(System.getProperty("tenon.root"));
        String readme = Files.readString(root.resolve("ws-topics/README.md"));
        int start = readme.indexOf("```js\n") + 6;
        String follow = readme.substring(start, readme.indexOf("```", start));
        assertEquals(Files.readString(root.resolve("examples/cluster/follow.js")), follow);
        ByteBuffer page = StandardCharsets.UTF_8.encode("<script>" + follow + "</script>");
        try (Browser browser = Browser.start(profile);
                WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .route("/oak", upgrade -> upgrade.accept(new Script("" + upgrade.queryParameter("after"))))
                        .get(
                                "/",
                                request -> HttpResponse.of(200, Headers.of("Content-Type", "text/html"))
                                        .withBody(page.duplicate()))
                        .start()) {
            browser.open("http://127.0.0.1:" + server.port() + "/");
            String seen = URLDecoder.decode(browser.await(FOLLOW), StandardCharsets.UTF_8);
            assertEquals("one \"two\"\n\u00e9 missed on GAP end", seen);
        }
    }
}
