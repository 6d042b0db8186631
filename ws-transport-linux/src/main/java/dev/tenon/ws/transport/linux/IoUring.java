package dev.tenon.ws.transport.linux;

import java.lang.System.Logger.Level;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of servers and clients over Linux's {@code io_uring}, where the system allows it.
 *
 * <pre>{@code
 * WebSocketServer.builder().sockets(IoUring.orNio())
 * WebSocketClient.builder().sockets(IoUring.orNio())
 * }</pre>
 *
 * <p>Requirements: Linux 6.12 or newer on x86-64 or aarch64; neither the kernel's administrator nor the seccomp filter
 * of a container forbids {@code io_uring}; and {@code --enable-native-access=dev.tenon.ws.transport.linux}. This class
 * checks all of that once, by a connection of the process to itself.
 *
 * <p>The channels of the provider work with selectors of the same provider only, and with one selector at a time. They do
 * not block. While a channel is registered, only the thread that selects may read and write. {@code socket()} is not
 * supported.
 */
public final class IoUring {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.transport.linux");
    private static final AtomicBoolean REPORTED = new AtomicBoolean();

    private IoUring() {}

    /** Delays the creation of the provider until its first use. */
    private static final class Holder {
        static final UringProvider PROVIDER = new UringProvider();
        static final @Nullable String FAILURE = Probe.failure(PROVIDER);
    }

    /**
     * Returns the provider over io_uring, or the system's default provider if io_uring cannot be used. The first call
     * that returns the default provider writes a message at INFO to the log.
     *
     * @return a provider for {@code sockets} of a server or client
     */
    public static SelectorProvider orNio() {
        String failure = Holder.FAILURE;
        if (failure == null) {
            return Holder.PROVIDER;
        }
        if (!REPORTED.getAndSet(true)) {
            LOG.log(Level.INFO, "sockets use NIO, since io_uring cannot be used: {0}", failure);
        }
        return SelectorProvider.provider();
    }

    /**
     * Returns the provider over io_uring.
     *
     * @return a provider for {@code sockets} of a server or client
     * @throws UnsupportedOperationException if io_uring cannot be used; the message says why
     */
    public static SelectorProvider required() {
        String failure = Holder.FAILURE;
        if (failure != null) {
            throw new UnsupportedOperationException("io_uring cannot be used: " + failure);
        }
        return Holder.PROVIDER;
    }

    /**
     * Reports why io_uring cannot be used on this system.
     *
     * @return the reason, or empty if io_uring can be used
     */
    public static Optional<String> unavailable() {
        return Optional.ofNullable(Holder.FAILURE);
    }
}
