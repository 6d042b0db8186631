package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;

/**
 * Settings of listening and accepted sockets.
 *
 * @param backlog how many connections the operating system may hold before they are accepted
 * @param reusePort whether each loop has its own listening socket, so that the operating system distributes the
 *     connections ({@code SO_REUSEPORT}); ignored if the system does not support it, and for Unix domain sockets
 * @param options socket options of accepted connections, set after {@code TCP_NODELAY}
 */
public record SocketSettings(int backlog, boolean reusePort, Map<SocketOption<?>, Object> options) {
    /** A backlog of 4,096, one listening socket, only the option {@code TCP_NODELAY}. */
    public static final SocketSettings DEFAULT = new SocketSettings(4096, false, Map.of());

    /**
     * Checks the values.
     *
     * @param backlog 1 or more
     * @param reusePort whether each loop has its own listening socket
     * @param options socket options and their values; copied
     * @throws IllegalArgumentException if the backlog is less than 1
     */
    public SocketSettings {
        if (backlog < 1) {
            throw new IllegalArgumentException("a backlog is at least 1: " + backlog);
        }
        options = Map.copyOf(options);
    }

    /** Sets the options of an accepted connection. */
    void apply(NetworkChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        for (Map.Entry<SocketOption<?>, Object> option : options.entrySet()) {
            set(channel, option.getKey(), option.getValue());
        }
    }

    private static <T> void set(NetworkChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, option.type().cast(value));
    }

    /** Binds a listening socket. The exception for an address in use names the address. */
    void bind(ServerSocketChannel channel, SocketAddress address) throws IOException {
        try {
            channel.bind(address, backlog);
        } catch (BindException taken) { // its message does not say which address
            BindException named = new BindException("cannot listen on " + address + ": " + taken.getMessage());
            named.initCause(taken);
            throw named;
        }
    }
}
