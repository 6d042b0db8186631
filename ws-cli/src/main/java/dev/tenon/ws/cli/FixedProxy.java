package dev.tenon.ws.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Uses the proxy of the command line for every server. */
final class FixedProxy extends ProxySelector {
    private final Proxy proxy;
    private final @Nullable String userInfo;

    private FixedProxy(Proxy proxy, @Nullable String userInfo) {
        this.proxy = proxy;
        this.userInfo = userInfo;
    }

    static FixedProxy parse(String text) {
        if (text.equals("none")) {
            return new FixedProxy(Proxy.NO_PROXY, null);
        }
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            Proxy.Type type = scheme.equals("http")
                    ? Proxy.Type.HTTP
                    : scheme.equals("socks5") || scheme.equals("socks5h") ? Proxy.Type.SOCKS : Proxy.Type.DIRECT;
            if (type != Proxy.Type.DIRECT && uri.getHost() != null && uri.getPort() > 0) {
                String host = uri.getHost().replaceAll("[\\[\\]]", "");
                return new FixedProxy(
                        new Proxy(type, InetSocketAddress.createUnresolved(host, uri.getPort())), uri.getUserInfo());
            }
        } catch (URISyntaxException e) {
            // the exception below reports it
        }
        throw Problem.usage("--proxy is http://HOST:PORT, socks5://HOST:PORT or none, not '" + text + "'");
    }

    boolean isNone() {
        return proxy.type() == Proxy.Type.DIRECT;
    }

    /** {@code NAME:PASSWORD}, or null if the URI has none. */
    @Nullable
    String userInfo() {
        return userInfo;
    }

    @Override
    public List<Proxy> select(URI uri) {
        return List.of(proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // there is no other proxy
    }
}
