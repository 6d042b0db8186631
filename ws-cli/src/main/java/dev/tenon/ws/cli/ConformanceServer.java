package dev.tenon.ws.cli;

import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.suite.Carrier;
import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Progress;
import dev.tenon.ws.suite.QuicTransport;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * A server under test.
 *
 * @param name its name in the report
 * @param uri the address of its echo
 */
record ConformanceServer(String name, URI uri) {
    private static final Pattern NAMED =
            Pattern.compile("(?:([A-Za-z0-9 ._-]+)=)?(wss?://.+)", Pattern.CASE_INSENSITIVE);

    /** Parses servers from the command line; a single one may have the given name. */
    static List<ConformanceServer> parse(List<String> arguments, String name) {
        List<ConformanceServer> servers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String argument : arguments) {
            Matcher named = NAMED.matcher(argument);
            if (!named.matches()) {
                throw Problem.usage("--server is ws://host:port/path, with NAME= before it if there are several, not '"
                        + argument + "'");
            }
            ConformanceServer server =
                    new ConformanceServer(named.group(1) == null ? name : named.group(1), uri(named.group(2)));
            if (!names.add(server.name())) {
                throw Problem.usage("two servers are called '" + server.name() + "': name them, --server NAME=URI");
            }
            servers.add(server);
        }
        return servers;
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw Problem.usage("the server is ws://host:port/path, not '" + text + "'");
        }
    }

    /** Runs the cases. */
    Report test(Settings settings, Selection selection, Carrier carrier, TlsOptions tls, Progress progress) {
        try {
            return client(settings, carrier, tls).run(selection, name, progress);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Problem.usage(ConnectFailure.explain(e, WebSocketUri.of(uri)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted");
        }
    }

    private FuzzingClient client(Settings settings, Carrier carrier, TlsOptions tls) {
        if (carrier == Carrier.HTTP_3) {
            TrustManager[] trust = tls.trustManagers();
            return new FuzzingClient(uri, settings, quic(), trust == null ? null : trust[0]);
        }
        SSLContext context = "wss".equalsIgnoreCase(uri.getScheme()) ? tls.context() : null;
        return new FuzzingClient(uri, settings, carrier, context);
    }

    /** QUIC from the module for it. */
    static QuicTransport quic() {
        return ServiceLoader.load(QuicTransport.class)
                .findFirst()
                .orElseThrow(() ->
                        Problem.usage("--http3 needs the module ws-cli-netty: ./ws conformance --http3 builds it"));
    }
}
