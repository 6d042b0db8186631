package dev.tenon.ws.client;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxies that a selector names for a server, in order. Its methods may block. */
final class Routes {
    private final @Nullable ProxySelector selector;
    private final URI uri;
    private @Nullable Iterator<Proxy> proxies;

    Routes(@Nullable ProxySelector selector, WebSocketUri uri) {
        this.selector = selector;
        this.uri = asHttp(uri);
    }

    /** The URI as the JDK's handlers know it: {@code http:} for {@code ws:}, {@code https:} for {@code wss:}. */
    static URI asHttp(WebSocketUri uri) {
        StringBuilder text = new StringBuilder(uri.origin());
        uri.resource().chars().forEach(c -> {
            if ("[]\"<>\\^`{|}".indexOf(c) >= 0) { // browsers send some of these as they are, URI takes none
                text.append('%').append(Integer.toHexString(c));
            } else {
                text.append((char) c);
            }
        });
        return URI.create(text.toString());
    }

    /** The first route; a direct one if the selector names none. */
    Proxy select() {
        List<Proxy> selected = selector == null ? List.of() : selector.select(uri);
        Iterator<Proxy> iterator = selected.isEmpty()
                ? List.of(Proxy.NO_PROXY).iterator()
                : List.copyOf(selected).iterator();
        proxies = iterator;
        return iterator.next();
    }

    /** Tells that a proxy cannot be reached, and names the next route; throws the failure if there is none. */
    Proxy next(Proxy unreachable, IOException failure) throws IOException {
        if (selector != null) {
            selector.connectFailed(uri, unreachable.address(), failure);
        }
        Iterator<Proxy> rest = proxies;
        if (rest == null || !rest.hasNext()) {
            throw failure;
        }
        return rest.next();
    }
}
