package dev.tenon.ws.cli;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every server of the tool: limits, compression, event loops, sockets. */
@SuppressWarnings("NullAway.Init") // set by picocli
final class ServerOptions {
    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "1MiB",
            description = "Longest accepted message; a longer one is closed with 1009 (default: ${DEFAULT-VALUE}).")
    private ByteSize maxMessage;

    @Option(
            names = "--deflate",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether permessage-deflate is negotiated (default: ${DEFAULT-VALUE}).")
    private OnOff deflate;

    @Option(names = "--loops", paramLabel = "N", description = "Event loops (default: one per core).")
    private @Nullable Integer loops;

    @Option(
            names = "--sockets",
            paramLabel = "auto|nio|io_uring",
            description = "Implementation of the sockets: auto, nio or io_uring (default: nio, or the system property"
                    + " dev.tenon.ws.sockets).")
    private @Nullable Sockets sockets;

    /** Creates a builder with these options. */
    WebSocketServerBuilder builder() {
        WebSocketServerBuilder builder =
                WebSocketServer.builder().options(ConnectionOptions.DEFAULT.withMaxMessageLength(maxMessage.bytes()));
        if (sockets != null) {
            builder.sockets(sockets.provider());
        }
        if (deflate == OnOff.OFF) {
            builder.extensions(Extensions.none());
        }
        if (loops != null) {
            if (loops < 1) {
                throw Problem.usage("--loops is 1 or more, not " + loops);
            }
            builder.loops(loops);
        }
        return builder;
    }

    /** Checks a path that is given on the command line, and returns it. */
    static String checkedPath(String path) {
        if (!path.startsWith("/") || path.indexOf('?') >= 0) {
            throw Problem.usage("--path begins with a slash and has no query, unlike '" + path + "'");
        }
        return path;
    }
}
