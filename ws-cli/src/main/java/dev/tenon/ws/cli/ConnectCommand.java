package dev.tenon.ws.cli;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.Role;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An interactive client. */
@Command(
        name = "connect",
        description =
                "Connects, sends each typed line as a text, and prints received messages. /help lists the commands."
                        + " At the end of the input it waits for pending replies, unless a person types (Ctrl-D), and closes."
                        + " Exit code 1 if the"
                        + " connection could not be made, broke, or was closed with another code than 1000, 1001 or none.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class ConnectCommand implements Callable<Integer> {
    private static final long A_DAY = 86_400;
    private static final double PIPE_WAIT = 0.5;

    /** The form of input and output, if it is not lines. */
    static final class Form {
        @Option(
                names = "--binary",
                description =
                        "Send the bytes of the standard input as binary messages, and write the content of received"
                                + " messages to the standard output, unchanged.")
        boolean binary;

        @Option(
                names = "--json",
                description = "Print each event as one line of JSON: open, text, binary, pong, close.")
        boolean json;
    }

    @Parameters(paramLabel = "URI", description = "ws://host:port/path or wss://...")
    private String uri;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the handshake, each frame in both directions, inflated texts, and the timings.")
    private boolean verbose;

    @Option(names = "--timings", description = "Show how long each step of connecting took.")
    private boolean timed;

    @ArgGroup
    private @Nullable Form form;

    @Option(
            names = "--chunk",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            description = "The longest message of --binary, in bytes (default: ${DEFAULT-VALUE}).")
    private ByteSize chunk;

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
            description = "Longest accepted message (default: ${DEFAULT-VALUE}).")
    private ByteSize maxMessage;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description =
                    "Silence to wait for at the end of the input before closing (default: 0.5, on a terminal 0). A peer"
                            + " that never falls silent needs --count or --max-time.")
    private @Nullable Double wait;

    @Option(
            names = "--no-close",
            description = "Keep the connection at the end of the input, until the peer or a limit ends it.")
    private boolean noClose;

    @Option(names = "--count", paramLabel = "N", description = "Close when so many messages have come.")
    private @Nullable Long count;

    @Option(
            names = "--max-time",
            paramLabel = "SECONDS",
            description = "Close after this time. Exit code 1 if --count was not reached by then.")
    private @Nullable Double maxTime;

    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = new Terminal(System.out, System.err);
        Conversation.Limits limits = limits(wait != null ? wait : terminal.interactive() ? 0 : PIPE_WAIT);
        Timings timings = new Timings();
        Output output = output(terminal);
        ConnectRequest request = request(output, timings);
        WebSocketClient.Builder builder =
                WebSocketClient.builder().options(ConnectionOptions.DEFAULT.withMaxMessageLength(maxMessage.bytes()));
        if (deflate == OnOff.OFF) {
            builder.extensions(Extensions.none());
        }
        options.applyTo(builder, request, timings);
        try (WebSocketClient client = builder.build()) {
            Conversation conversation = new Conversation(output, limits, timings);
            connect(client, request, conversation);
            return hold(conversation, terminal);
        }
    }

    private Conversation.Limits limits(double quiet) {
        if (!(quiet >= 0 && quiet <= A_DAY)) {
            throw Problem.usage("--wait is 0 to 86400 seconds, not " + quiet);
        }
        if (maxTime != null && !(maxTime > 0 && maxTime <= A_DAY)) {
            throw Problem.usage("--max-time is more than 0 and at most 86400 seconds, not " + maxTime);
        }
        if (count != null && count < 1) {
            throw Problem.usage("--count is 1 or more, not " + count);
        }
        if (chunk.bytes() < 1 || chunk.bytes() > 1 << 30) {
            throw Problem.usage("--chunk is 1 to 1GiB");
        }
        return new Conversation.Limits(
                noClose ? Duration.ofNanos(-1) : seconds(quiet),
                count == null ? 0 : count,
                maxTime == null ? Duration.ZERO : seconds(maxTime));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1_000)));
    }

    private Output output(Terminal terminal) {
        if (form != null && form.json) {
            return new JsonOutput(terminal);
        }
        boolean shown = timed || verbose;
        return form != null && form.binary ? new BytesOutput(terminal, shown) : new TextOutput(terminal, shown);
    }

    private ConnectRequest request(Output output, Timings timings) {
        ConnectRequest request = options.request(uri);
        try {
            WireTap tap = verbose
                    ? new Tee(timings, new WireReader(Role.CLIENT, WirePrinter.READ, new WirePrinter(output::note)))
                    : timings;
            return request.withSubprotocols(subprotocols.toArray(String[]::new)).withTap(tap);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }

    private void connect(WebSocketClient client, ConnectRequest request, Conversation conversation)
            throws InterruptedException {
        try {
            ClientOptions.connect(client, request, conversation).get();
        } catch (ExecutionException e) {
            throw Problem.failed(options.explain(e.getCause(), request));
        }
    }

    private int hold(Conversation conversation, Terminal terminal) throws InterruptedException {
        InputStream in = new FileInputStream(FileDescriptor.in);
        if (form != null && form.binary) {
            return conversation.hold(new BytesInput(in, (int) chunk.bytes()));
        }
        try (@Nullable RawMode raw = terminal.interactive() ? RawMode.enter() : null) {
            if (raw != null) {
                LineEditor editor = new LineEditor(in, System.out, raw::columns);
                terminal.edit(editor);
                int exitCode = conversation.hold(new LineInput(editor, terminal));
                editor.dismiss();
                return exitCode;
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return conversation.hold(new LineInput(lines::readLine, terminal));
        }
    }
}
