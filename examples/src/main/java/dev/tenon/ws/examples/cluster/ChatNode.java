package dev.tenon.ws.examples.cluster;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HttpHandler;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.nats.NatsBackbone;
import dev.tenon.ws.topics.nats.NatsPresence;
import dev.tenon.ws.topics.nats.NatsStream;
import dev.tenon.ws.topics.nats.OutagePolicy;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.TreeSet;

/**
 * One process of a chat that spans several: {@code ChatNode [HOST:]PORT NATS_URL DIRECTORY_OF_THE_PAGE [HISTORY [OUTAGE_POLICY]]}.
 */
public final class ChatNode {
    private static final int HISTORY = 1_000;

    private ChatNode() {}

    /**
     * Serves until the process is ended. It ends by itself if NATS cannot be reached at the start, or the port is taken.
     *
     * @param args where to listen, the address of NATS, the directory of the page, how many messages of a room are kept,
     *     and a {@link OutagePolicy}
     */
    public static void main(String[] args) {
        try {
            serve(args);
        } catch (Exception failure) {
            System.err.println("The node cannot start: " + failure);
            System.exit(1); // otherwise the threads of NATS's client would keep the process running
        }
    }

    private static void serve(String[] args) throws Exception {
        Connection nats = Nats.connect(Options.builder()
                .server(args[1])
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(200))
                .connectionTimeout(Duration.ofSeconds(5))
                .pingInterval(Duration.ofSeconds(1))
                .build());
        NatsBackbone backbone = NatsBackbone.over(nats, stream(args), outagePolicy(args));
        ClusterTopics rooms = ClusterTopics.over(backbone, Envelope.json());
        NatsPresence presence = NatsPresence.over(nats, "chat-presence", Duration.ofSeconds(3));
        ByteBuffer page = read(Path.of(args[2], "chat.html"));
        ByteBuffer script = read(Path.of(args[2], "follow.js"));
        WebSocketServer server = WebSocketServer.builder()
                .listen(address(args[0]))
                .route(
                        "/rooms/{room}",
                        upgrade -> upgrade.accept(new ChatMember(
                                rooms,
                                presence,
                                upgrade.pathParameter("room"),
                                Objects.requireNonNullElse(upgrade.queryParameter("name"), "anonymous"),
                                upgrade.queryParameter("after", Position::parse))))
                .get(
                        "/rooms/{room}/members",
                        HttpHandler.async(request -> presence.members(request.pathParameter("room"))
                                .thenApply(members ->
                                        HttpResponse.text(200, String.join("\n", new TreeSet<>(members)) + "\n"))))
                .liveness("/health")
                .get("/follow.js", request -> page("text/javascript", script))
                .get("/", request -> page("text/html; charset=utf-8", page))
                .start();
        System.out.println("ws://127.0.0.1:" + server.port() + "/rooms/{room}");
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }

    private static OutagePolicy outagePolicy(String[] args) {
        return args.length > 4 ? OutagePolicy.valueOf(args[4]) : OutagePolicy.REFUSE;
    }

    private static NatsStream stream(String[] args) {
        NatsStream named = NatsStream.named("chat");
        int messages = args.length > 3 ? Integer.parseInt(args[3]) : HISTORY;
        return new NatsStream(named.name(), messages, named.maxAge(), named.duplicateWindow(), 1, false);
    }

    private static HttpResponse page(String type, ByteBuffer content) {
        return HttpResponse.of(200, Headers.of("Content-Type", type)).withBody(content.duplicate());
    }

    private static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }
}
