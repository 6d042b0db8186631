package dev.tenon.ws.cli;

import dev.tenon.ws.server.WebSocketServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows WebSocket in a browser. */
@Command(
        name = "demo",
        description = "Serves a page that sends and receives, and shows every frame bit by bit. Ctrl-C ends it.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class DemoCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(2);

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin
    private ListenOptions listen;

    @Override
    public Integer call() throws InterruptedException {
        SignalHandler termination = SignalHandler.install();
        try (WebSocketServer server = listen.start(new Demo().server(), port, null)) {
            System.out.println("listening " + listen.url("ws", server, "/ws"));
            System.out.println("open " + listen.url("http", server, "/") + " in a browser; Ctrl-C ends it");
            termination.await();
            server.stop(DRAIN);
        }
        return 0;
    }
}
