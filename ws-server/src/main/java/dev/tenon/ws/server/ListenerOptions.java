package dev.tenon.ws.server;

import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.SocketSettings;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one listener, for {@link WebSocketServerBuilder#listen(SocketAddress, java.util.function.Consumer)}.
 * Not thread-safe.
 *
 * <pre>{@code
 * builder.listen(address, listener -> listener.tls(tls).proxyProtocolFrom("10.0.0.0/8"));
 * }</pre>
 */
public final class ListenerOptions {
    private final SocketAddress address;
    private @Nullable ServerTls tls;
    private TrustedProxies proxyProtocol = TrustedProxies.none();
    private SocketSettings sockets = SocketSettings.DEFAULT;

    ListenerOptions(SocketAddress address) {
        this.address = address;
    }

    Binding binding() {
        return new Binding(address, tls, proxyProtocol, sockets, null);
    }

    /**
     * Speaks TLS: {@code wss} and {@code https}. Without this setting, the listener speaks {@code ws} and {@code http}.
     *
     * @param tls keys and client certificates
     * @return this
     */
    public ListenerOptions tls(ServerTls tls) {
        this.tls = Objects.requireNonNull(tls, "the TLS settings are null");
        return this;
    }

    /**
     * Expects the header of the PROXY protocol, version 1 or 2, at the beginning of every connection from a load
     * balancer that forwards bytes, such as HAProxy with {@code send-proxy-v2} or an AWS network load balancer. The
     * header names the {@linkplain UpgradeExchange#client() client} of the connection. A connection from such an
     * address without the header is closed; the header is not read on connections from other addresses.
     *
     * @param balancers IP addresses and blocks, such as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code fd00::/8}
     * @return this
     * @throws IllegalArgumentException if one is malformed
     */
    public ListenerOptions proxyProtocolFrom(String... balancers) {
        proxyProtocol = TrustedProxies.forwarded(balancers);
        return this;
    }

    /**
     * Sets how many connections the system may hold before they are accepted.
     *
     * @param connections 4,096 by default; the system may have a lower limit of its own
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public ListenerOptions backlog(int connections) {
        sockets = new SocketSettings(connections, sockets.reusePort(), sockets.options());
        return this;
    }

    /**
     * Gives each event loop a listening socket of its own, so that the system distributes new connections ({@code
     * SO_REUSEPORT}), where the system can do that. Without this setting, one loop accepts for all, and gives each
     * connection to the loop with the fewest.
     *
     * @return this
     */
    public ListenerOptions reusePort() {
        sockets = new SocketSettings(sockets.backlog(), true, sockets.options());
        return this;
    }

    /**
     * Sets a socket option of accepted connections, such as {@link java.net.StandardSocketOptions#SO_KEEPALIVE}. {@code
     * TCP_NODELAY} is on by default.
     *
     * @param <T> the type of the value
     * @param option the option
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if connections to this address do not have the option, or it cannot have the value
     */
    public <T> ListenerOptions socketOption(SocketOption<T> option, T value) {
        try (SocketChannel probe = openLike(address)) {
            probe.setOption(option, value);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException("connections to " + address + " have no option " + option.name(), e);
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException("the socket option " + option.name() + " cannot be " + value, e);
        }
        Map<SocketOption<?>, Object> options = new HashMap<>(sockets.options());
        options.put(option, value);
        sockets = new SocketSettings(sockets.backlog(), sockets.reusePort(), options);
        return this;
    }

    /** A socket of the kind that connections to an address have. */
    private static SocketChannel openLike(SocketAddress address) throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }
}
