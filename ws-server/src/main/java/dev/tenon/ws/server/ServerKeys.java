package dev.tenon.ws.server;

import dev.tenon.ws.transport.PemContext;
import dev.tenon.ws.transport.PemFiles;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the key of a connection comes from. Thread-safe if the application's function is.
 *
 * @param contexts the contexts by host
 * @param byHost whether the context depends on the host that the client names
 * @param pem the files of the key, unless the application gives contexts
 * @param hosts the settings of each host, in lower case; empty unless each host has settings of its own
 */
record ServerKeys(
        LastGoodContexts contexts, boolean byHost, @Nullable PemFiles pem, Map<String, ServerTls> hosts) {
    static ServerKeys of(Function<String, @Nullable SSLContext> contexts, boolean byHost) {
        return new ServerKeys(new LastGoodContexts(contexts), byHost, null, Map.of());
    }

    static ServerKeys of(PemFiles files) throws IOException {
        PemContext context = PemContext.of(files);
        return new ServerKeys(new LastGoodContexts(host -> context.newest()), false, files, Map.of());
    }

    static ServerKeys of(Map<String, ServerTls> hosts) {
        return new ServerKeys(new LastGoodContexts(host -> null), true, null, hosts);
    }
}
