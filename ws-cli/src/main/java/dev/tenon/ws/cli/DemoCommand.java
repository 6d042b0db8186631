package dev.tenon.ws.cli;

import dev.tenon.ws.server.WebSocketServer;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows WebSocket in a browser. */
@Command(
        name = "demo",
        description =
                "Serves a page that sends and receives, and shows every frame bit by bit; /push shows polling, long"
                        + " polling and push beside each other. Ctrl-C ends it.",
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

    @Option(
            names = "--http3",
            description =
                    "Speak HTTP/1.1, HTTP/2 and HTTP/3 on one port, with a certificate made for this run, and show which of"
                            + " them carries the connection.")
    private boolean http3;

    @Override
    public Integer call() throws InterruptedException {
        SignalHandler termination = SignalHandler.install();
        if (http3) {
            serveAll(termination);
        } else {
            serve(termination);
        }
        return 0;
    }

    private void serve(SignalHandler termination) throws InterruptedException {
        try (WebSocketServer server = listen.start(new Demo().server(), port, null)) {
            System.out.println("listening " + listen.url("ws", server, "/ws"));
            System.out.println("open " + listen.url("http", server, "/") + " in a browser; Ctrl-C ends it");
            termination.await();
            server.stop(DRAIN);
        }
    }

    private void serveAll(SignalHandler termination) throws InterruptedException {
        DemoCarriers carriers = ServiceLoader.load(DemoCarriers.class)
                .findFirst()
                .orElseThrow(() -> Problem.usage("--http3 needs the module ws-cli-netty: ./ws demo --http3 builds it"));
        Demo demo = new Demo();
        DemoCarriers.Server server = listen.start(port, at -> carriers.start(at, demo::addTo, demo::tap));
        try {
            String authority = listen.authority(server.port());
            System.out.println("listening wss://" + authority + "/ws");
            System.out.println("open https://" + authority + "/ in a browser; Ctrl-C ends it");
            System.out.println(server.http3Problem() == null ? chromium(server, authority) : without(server));
            termination.await();
        } finally {
            server.stop(DRAIN);
        }
    }

    /** A browser uses neither QUIC with an untrusted certificate nor WebSocket over HTTP/3 without flags. */
    private static String chromium(DemoCarriers.Server server, String authority) {
        return "the certificate is of this run only: browsers warn, and speak HTTP/2 with it; for HTTP/3 start Chromium with:\n"
                + "  chromium --user-data-dir=\"$(mktemp -d)\" --enable-quic --enable-features=EnableWebsocketsOverHttp3"
                + " --origin-to-force-quic-on=" + authority
                + " --ignore-certificate-errors-spki-list=" + server.fingerprint()
                + " https://" + authority + "/";
    }

    private static String without(DemoCarriers.Server server) {
        return "HTTP/3 is left out: " + server.http3Problem() + "; HTTP/1.1 and HTTP/2 work";
    }
}
