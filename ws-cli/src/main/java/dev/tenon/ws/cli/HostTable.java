package dev.tenon.ws.cli;

import dev.tenon.ws.client.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves the hosts of the command line, and asks the system for all others. */
final class HostTable implements Resolver {
    /** A host and an address; a port between them, as in curl's option, is ignored. */
    private static final Pattern ENTRY = Pattern.compile("([^:\\[\\]]+):(?:\\d+:)?(\\[[0-9A-Fa-f:.]+]|[0-9.]+)");

    private final Map<String, List<InetAddress>> known = new HashMap<>();

    private HostTable() {}

    static HostTable parse(List<String> entries) {
        HostTable table = new HostTable();
        for (String entry : entries) {
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw Problem.usage(
                        "--resolve is HOST:ADDRESS, such as example.com:127.0.0.1 or example.com:[::1], not '" + entry
                                + "'");
            }
            try {
                InetAddress address = InetAddress.getByName(matcher.group(2));
                table.known.put(matcher.group(1).toLowerCase(Locale.ROOT), List.of(address));
            } catch (UnknownHostException e) {
                throw Problem.usage("--resolve: '" + matcher.group(2) + "' is no address");
            }
        }
        return table;
    }

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
        List<InetAddress> addresses = known.get(host.toLowerCase(Locale.ROOT));
        return addresses == null ? Resolver.system().resolve(host) : addresses;
    }
}
