package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.Map;

/**
 * How an address is listened on, and how accepted sockets are set up.
 *
 * @param backlog how many connections the system may hold before they are accepted
 * @param reusePort whether each loop has a listening socket of its own, among which the system spreads the connections
 *     ({@code SO_REUSEPORT}); ignored where the system does not have it, and for Unix domain sockets
 * @param options socket options of accepted connections, set after {@code TCP_NODELAY}
 */
public record SocketSettings(int backlog, boolean reusePort, Map<SocketOption<?>, Object> options) {
    /** A backlog of 4,096, one listening socket, no options but {@code TCP_NODELAY}. */
    public static final SocketSettings DEFAULT = new SocketSettings(4096, false, Map.of());

    /**
     * Checks the values.
     *
     * @param backlog 1 or more
     * @param reusePort whether each loop listens for itself
     * @param options socket options and their values; copied
     * @throws IllegalArgumentException if the backlog is less than 1
     */
    public SocketSettings {
        if (backlog < 1) {
            throw new IllegalArgumentException("a backlog is at least 1: " + backlog);
        }
        options = Map.copyOf(options);
    }

    /** Sets up an accepted connection. */
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
}
