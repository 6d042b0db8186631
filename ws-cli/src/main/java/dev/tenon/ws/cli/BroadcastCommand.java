package dev.tenon.ws.cli;

import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topic;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A server that sends every message to all connections. */
@Command(
        name = "broadcast",
        description =
                "Sends every message to all connections of the path, its sender included. A connection that reads too"
                        + " slowly is closed with 1013. SIGTERM or Ctrl-C closes all connections with 1001 and ends it.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class BroadcastCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    @Option(names = "--port", paramLabel = "N", required = true, description = "Port to listen on, 0 for any free one.")
    private int port;

    @Mixin
    private ListenOptions listen;

    @Option(
            names = "--path",
            paramLabel = "/PATH",
            defaultValue = "/ws",
            description = "The one path that is served (default: ${DEFAULT-VALUE}).")
    private String path;

    @Mixin
    private ServerOptions options;

    @Override
    public Integer call() throws InterruptedException {
        Topic topic = Topic.of(SlowSubscriber.CLOSE);
        WebSocketServerBuilder builder = options.builder()
                .route(ServerOptions.checkedPath(path), upgrade -> upgrade.accept(new BroadcastListener(topic)));
        SignalHandler termination = SignalHandler.install();
        try (WebSocketServer server = listen.start(builder, port, null)) {
            System.out.println("listening " + listen.url("ws", server, path));
            termination.await();
            server.stop(DRAIN);
        }
        return 0;
    }
}
