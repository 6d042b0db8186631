package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Position;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page that follows a topic whose messages are numbers and padding, and keeps the newest position. */
final class TopicPage {
    static final String TOPIC = "oak";

    /** Longer than a test needs while it does not read, also on a machine with much other work. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(2);

    private static final Pattern ENVELOPE =
            Pattern.compile("\\{\"p\":\"([^\"]+)\",(?:\"d\":\"(\\d+) x+\"|\"recovered\":(\\w+))}");

    final List<Integer> received = new ArrayList<>();
    String position = "";
    String recovered = "";

    private record Reader(ClusterTopics topics, String after, Consumer<WebSocket> opened) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            opened.accept(webSocket);
            if (after.isEmpty()) {
                topics.subscribe(TOPIC, webSocket);
            } else {
                topics.resume(TOPIC, webSocket, Position.parse(after));
            }
        }
    }

    /** Starts a server whose connections subscribe to the topic, or resume behind the position in the header {@code After}. */
    static WebSocketServer serve(ClusterTopics topics, Consumer<WebSocket> opened) throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .options(options -> options.withCloseTimeout(LONGEST_SLEEP).withWriteTimeout(LONGEST_SLEEP))
                .route("/ws", upgrade -> {
                    String after = upgrade.headers().first("After");
                    return upgrade.accept(new Reader(topics, after == null ? "" : after, opened));
                })
                .start();
    }

    /** Opens a connection that resumes behind the newest position, or subscribes if there is none. */
    RawPeer connect(WebSocketServer server, int receiveBuffer) throws IOException {
        RawPeer socket = new RawPeer(server.port(), null, receiveBuffer);
        try {
            if (position.isEmpty()) {
                socket.upgrade();
            } else {
                socket.upgrade("After: " + position);
            }
            message(UTF_8.decode(socket.frame().payload()).toString());
            return socket;
        } catch (IOException | RuntimeException | Error failure) {
            socket.close();
            throw failure;
        }
    }

    /** Reads until it has a message; returns the code of a Close frame that comes before, or 0. */
    int read(RawPeer socket, int last) throws IOException {
        while (received.isEmpty() || received.get(received.size() - 1) < last) {
            Frame frame = socket.frame();
            if (frame.firstByte().opcode() == Opcode.CLOSE) {
                return ClosePayload.decode(frame.payload()).code().value();
            }
            if (frame.firstByte().opcode() == Opcode.PING) {
                socket.send(new Frame(FirstByte.of(true, Opcode.PONG), frame.payload()));
            } else {
                message(UTF_8.decode(frame.payload()).toString());
            }
        }
        return 0;
    }

    private void message(String text) {
        Matcher message = ENVELOPE.matcher(text);
        assertTrue(message.matches(), text);
        position = message.group(1);
        if (message.group(2) == null) {
            recovered = message.group(3);
        } else {
            received.add(Integer.parseInt(message.group(2)));
        }
    }
}
