package dev.tenon.ws.cli;

import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.server.Endpoint;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An echo server. */
@Command(
        name = "echo",
        description =
                "Sends every message back: text as text, binary as binary. SIGTERM or Ctrl-C closes all connections"
                        + " with 1001 and ends it.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class EchoCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** The served path, or all paths. */
    static final class Where {
        @Option(names = "--path", paramLabel = "/PATH", description = "The one path that is served (default: /ws).")
        @Nullable
        String path;

        @Option(names = "--any-path", description = "Serve every path.")
        boolean any;
    }

    /** A TCP port, or the file of a Unix domain socket. */
    static final class At {
        @Option(names = "--port", paramLabel = "N", description = "Port to listen on, 0 for any free one.")
        @Nullable
        Integer port;

        @Option(names = "--unix-socket", paramLabel = "FILE", description = "File to listen on, for this machine only.")
        @Nullable
        Path unixSocket;
    }

    @ArgGroup(multiplicity = "1")
    private At at;

    @Mixin
    private ListenOptions listen;

    @ArgGroup
    private @Nullable Where where;

    @Mixin
    private ServerOptions options;

    @Option(names = "--any-origin", description = "Let pages of every origin connect, not only same-origin ones.")
    private boolean anyOrigin;

    @Option(names = "--tls", description = "Use TLS; needs --keystore.")
    private boolean tls;

    @Option(names = "--keystore", paramLabel = "FILE", description = "PKCS12 or JKS with the server's key.")
    private @Nullable Path keystore;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is its password.")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() throws InterruptedException {
        WebSocketServerBuilder builder = options.builder();
        route(builder);
        if (anyOrigin) {
            builder.origins(OriginPolicy.any());
        }
        ServerTls secured = tls();
        SignalHandler termination = SignalHandler.install();
        try (WebSocketServer server = start(builder, secured)) {
            termination.await();
            server.stop(DRAIN);
        }
        return 0;
    }

    private WebSocketServer start(WebSocketServerBuilder builder, @Nullable ServerTls secured) {
        String scheme = tls ? "wss" : "ws";
        if (at.unixSocket != null) {
            WebSocketServer server = ListenOptions.start(builder, at.unixSocket, secured);
            System.out.println("listening " + scheme + "://localhost" + path() + " at " + at.unixSocket);
            return server;
        }
        WebSocketServer server = listen.start(builder, at.port == null ? 0 : at.port, secured);
        System.out.println("listening " + listen.url(scheme, server, path()));
        return server;
    }

    private String path() {
        return where == null || where.path == null ? "/ws" : where.path;
    }

    private void route(WebSocketServerBuilder builder) {
        Endpoint echo = upgrade -> upgrade.accept(new EchoListener());
        if (where != null && where.any) {
            builder.route("/{path...}", echo);
        } else {
            builder.route(ServerOptions.checkedPath(path()), echo);
        }
    }

    private @Nullable ServerTls tls() {
        if (!tls && (keystore != null || passwordFile != null)) {
            throw Problem.usage("--keystore and --password-file are for TLS: add --tls");
        }
        if (tls && (keystore == null || passwordFile == null)) {
            throw Problem.usage("--tls needs the server's key: add --keystore FILE and --password-file FILE");
        }
        return keystore == null || passwordFile == null
                ? null
                : ServerTls.of(KeyFile.read(keystore, passwordFile).serverContext());
    }
}
