package dev.tenon.ws.cli;

import dev.tenon.ws.suite.Carrier;
import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Progress;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

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
    Report test(Settings settings, Selection selection, boolean http2, TlsOptions tls, Progress progress) {
        try {
            Carrier carrier = http2 ? Carrier.HTTP_2 : Carrier.HTTP_1_1;
            SSLContext context = "wss".equalsIgnoreCase(uri.getScheme()) ? tls.context() : null;
            FuzzingClient client = new FuzzingClient(uri, settings, carrier, context);
            return client.run(selection, name, progress);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Problem.usage("no connection to " + uri + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted");
        }
    }
}
