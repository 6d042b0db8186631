package dev.tenon.ws.cli;

import dev.tenon.ws.client.ClientTls;
import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An interactive client. */
@Command(
        name = "connect",
        description = "Connects and talks: lines typed go out as text, what comes is printed. /help tells the commands."
                + " At the end of the input it waits for what is still coming, and closes.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class ConnectCommand implements Callable<Integer> {
    /** How much of a payload -v reads to show its beginning. */
    private static final int SHOWN = 64;

    @Parameters(paramLabel = "URI", description = "ws://host:port/path or wss://...")
    private String uri;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the handshake, and each frame both ways.")
    private boolean verbose;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "One more header for the request; repeatable.")
    private List<String> headers = List.of();

    @Option(names = "--subprotocol", paramLabel = "NAME", description = "Subprotocol to offer; repeatable, best first.")
    private List<String> subprotocols = List.of();

    @Option(
            names = "--deflate",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether permessage-deflate is offered (default: ${DEFAULT-VALUE}).")
    private OnOff deflate;

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "16MiB",
            description = "Longest message taken (default: ${DEFAULT-VALUE}).")
    private ByteSize maxMessage;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0.5",
            description = "Silence to wait for at the end of the input before closing (default: ${DEFAULT-VALUE}).")
    private double wait;

    @Option(names = "--insecure", description = "Trust any certificate, for any host. For tests.")
    private boolean insecure;

    @Option(names = "--truststore", paramLabel = "FILE", description = "PKCS12 or JKS with what to trust instead.")
    private @Nullable Path truststore;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is its password.")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(wait >= 0 && wait <= 86_400)) {
            throw Problem.usage("--wait is 0 to 86400 seconds, not " + wait);
        }
        Terminal terminal = new Terminal(System.out, System.err);
        ConnectRequest request = request(terminal);
        WebSocketClient.Builder builder =
                WebSocketClient.builder().options(ConnectionOptions.DEFAULT.withMaxMessageLength(maxMessage.bytes()));
        if (deflate == OnOff.OFF) {
            builder.extensions(Extensions.none());
        }
        SSLContext tls = tls();
        if (tls != null) {
            builder.tls(insecure ? InsecureTrustManager.tls(tls) : ClientTls.of(tls));
        }
        try (WebSocketClient client = builder.build()) {
            Conversation conversation = new Conversation(terminal, Duration.ofMillis(Math.round(wait * 1_000)));
            connect(client, request, conversation);
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
            return conversation.hold(lines);
        }
    }

    private void connect(WebSocketClient client, ConnectRequest request, Conversation conversation)
            throws InterruptedException {
        try {
            client.connect(request, conversation).get();
        } catch (ExecutionException e) {
            throw Problem.failed(ConnectFailure.explain(e.getCause(), request.uri()));
        }
    }

    private ConnectRequest request(Terminal terminal) {
        try {
            ConnectRequest request = ConnectRequest.to(uri).withSubprotocols(subprotocols.toArray(String[]::new));
            for (String header : headers) {
                int colon = header.indexOf(':');
                if (colon <= 0) {
                    throw Problem.usage("--header is 'Name: value', not '" + header + "'");
                }
                request = request.withHeader(
                        header.substring(0, colon), header.substring(colon + 1).strip());
            }
            return verbose ? request.withTap(new WireReader(Role.CLIENT, SHOWN, new WirePrinter(terminal))) : request;
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable SSLContext tls() {
        boolean secure = WebSocketUri.parse(uri).secure();
        if (!secure && (insecure || truststore != null)) {
            throw Problem.usage("--insecure and --truststore are for TLS: connect to wss://");
        }
        if (insecure) {
            if (truststore != null) {
                throw Problem.usage("--insecure trusts everything: leave --truststore out, or --insecure");
            }
            return InsecureTrustManager.context();
        }
        if ((truststore == null) != (passwordFile == null)) {
            throw Problem.usage("--truststore FILE and --password-file FILE go together");
        }
        return truststore == null || passwordFile == null
                ? null
                : KeyFile.read(truststore, passwordFile).clientContext();
    }
}
