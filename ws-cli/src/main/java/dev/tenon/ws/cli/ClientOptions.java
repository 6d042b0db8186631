package dev.tenon.ws.cli;

import dev.tenon.ws.client.AddressFilter;
import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a connect and of its request. */
@SuppressWarnings("NullAway.Init") // set by picocli
final class ClientOptions {
    private static final int MOST_REDIRECTS = 10;

    /** The family of addresses, IPv4 or IPv6; both by default. */
    static final class Family {
        @Option(names = "-4", description = "Connect to IPv4 addresses only.")
        boolean four;

        @Option(names = "-6", description = "Connect to IPv6 addresses only.")
        boolean six;
    }

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'|@FILE",
            description = "One more header for the request, or a file with one on each line; repeatable.")
    private List<String> headers = List.of();

    @Option(
            names = "--cookie",
            paramLabel = "NAME=VALUE|@FILE",
            description = "A cookie for the request, or a file with one on each line; repeatable.")
    private List<String> cookies = List.of();

    @Option(
            names = "--user",
            paramLabel = "NAME[:PASSWORD]|@FILE",
            description =
                    "What answers a challenge of the server, Basic or Digest. Other users of this machine can see a"
                            + " password that stands here: leave it out to be asked for it, or give a file.")
    private @Nullable String user;

    @Option(
            names = "--location",
            description = "Follow redirects, " + MOST_REDIRECTS + " at most, and keep their cookies.")
    private boolean location;

    @Option(
            names = "--proxy",
            paramLabel = "URI",
            description =
                    "http://[NAME:PASSWORD@]HOST:PORT, socks5:// likewise, or none. By default the proxy of system"
                            + " properties such as -Dhttps.proxyHost.")
    private @Nullable String proxy;

    @Option(
            names = "--resolve",
            paramLabel = "HOST:ADDRESS",
            description = "The address of a host, instead of a look-up; repeatable.")
    private List<String> resolve = List.of();

    @ArgGroup
    private @Nullable Family family;

    @Option(
            names = "--unix-socket",
            paramLabel = "FILE",
            description = "Connect to this Unix domain socket, instead of the host of the URI.")
    private @Nullable Path unixSocket;

    @Mixin
    private TlsOptions tls;

    /** The request for a URI with the headers and subprotocols of the options. */
    ConnectRequest request(String uri) {
        try {
            ConnectRequest request = ConnectRequest.to(uri);
            for (String header : OptionFile.lines("--header", headers)) {
                int colon = header.indexOf(':');
                if (colon <= 0) {
                    throw Problem.usage("--header is 'Name: value', not '" + header + "'");
                }
                request = request.withHeader(
                        header.substring(0, colon), header.substring(colon + 1).strip());
            }
            List<String> all = OptionFile.lines("--cookie", cookies);
            for (String cookie : all) {
                if (cookie.indexOf('=') <= 0) {
                    throw Problem.usage("--cookie is NAME=VALUE, not '" + cookie + "'");
                }
            }
            return all.isEmpty() ? request : request.withHeader("Cookie", String.join("; ", all));
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Applies the options to a connect, and registers the timings. */
    void applyTo(WebSocketClient.Builder builder, ConnectRequest request, Timings timings) throws IOException {
        if (location) {
            builder.redirects(MOST_REDIRECTS).cookies(new CookieManager());
        }
        FixedProxy selected = proxy == null ? null : FixedProxy.parse(proxy);
        if (selected != null) {
            builder.proxy(selected.isNone() ? null : selected);
        }
        Credentials credentials = Credentials.of(user, selected);
        if (credentials != null) {
            builder.authenticator(credentials);
        }
        if (!resolve.isEmpty()) {
            builder.resolver(HostTable.parse(resolve));
        }
        if (unixSocket != null) {
            builder.unixSocket(unixSocket);
        }
        builder.addressFilter(filter(timings));
        tls.applyTo(builder, request.uri().secure(), timings);
    }

    /** Starts a connect; a request that cannot be sent is a wrong command. */
    static CompletableFuture<WebSocket> connect(
            WebSocketClient client, ConnectRequest request, WebSocketListener listener) {
        try {
            return client.connect(request, listener);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Explains in one line why the connect has failed. */
    String explain(@Nullable Throwable cause, ConnectRequest request) {
        return unixSocket != null && cause instanceof ConnectException
                ? "nothing listens at the socket '" + unixSocket + "': start the server, or check the file ("
                        + cause.getMessage() + ")"
                : ConnectFailure.explain(cause, request.uri());
    }

    /** The filter is called right before the connect to an address, when the look-up has ended. */
    private AddressFilter filter(Timings timings) {
        return (host, address) -> {
            timings.lookedUp();
            return family == null || family.four == isIpv4(address);
        };
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }
}
