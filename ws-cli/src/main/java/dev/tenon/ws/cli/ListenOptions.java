package dev.tenon.ws.cli;

import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The address on which a command listens, and the message if it cannot. */
final class ListenOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String host;

    /** Binds and starts the server, or throws a problem with one line of explanation. */
    WebSocketServer start(WebSocketServerBuilder server, int port, @Nullable ServerTls tls) {
        return start(port, at -> (tls == null ? server.listen(at) : server.listen(at, tls)).start());
    }

    /** Starts something at the address. */
    interface Start<S> {
        S at(InetSocketAddress address) throws IOException;
    }

    /** Binds and starts the server, or throws a problem with one line of explanation. */
    <S> S start(int port, Start<S> start) {
        if (port < 0 || port > 65_535) {
            throw Problem.usage("--port is 0 to 65535, not " + port);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw Problem.usage("there is no host '" + host + "': give --host an address of this machine");
        }
        try {
            return start.at(address);
        } catch (IOException e) {
            throw Problem.usage(reason(e, port));
        }
    }

    /** Binds the server to the file of a Unix domain socket. */
    static WebSocketServer start(WebSocketServerBuilder server, Path file, @Nullable ServerTls tls) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
        try {
            return (tls == null ? server.listen(address) : server.listen(address, tls)).start();
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw Problem.usage(
                    message.contains("in use")
                            ? "'" + file + "' is in use: end what listens there, or choose another with --unix-socket"
                            : message);
        }
    }

    private String reason(IOException failure, int port) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("in use")) {
            return "port " + port + " of " + host
                    + " is in use: end what listens there, or choose another with --port (0 for any that is free)";
        }
        if (failure instanceof BindException) {
            return "cannot listen on " + host + ": give --host an address of this machine (" + message + ")";
        }
        return "cannot listen on port " + port + ": choose another with --port (" + message + ")";
    }

    /** The URL of a server for a client on this machine. */
    String url(String scheme, WebSocketServer server, String path) {
        return scheme + "://" + authority(server.port()) + path;
    }

    /** Host and port of a server. */
    String authority(int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
