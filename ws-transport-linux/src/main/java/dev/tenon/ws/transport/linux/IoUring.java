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
 * <p>It needs Linux 6.12 or newer on x86-64 or aarch64, a kernel whose administrator, or a container whose seccomp filter,
 * does not forbid {@code io_uring}, and {@code --enable-native-access=dev.tenon.ws.transport.linux}. Whether all of that
 * holds is found out once, by a connection of the process to itself.
 *
 * <p>The channels of the provider are for selectors of the same provider: they do not block, and while one is registered,
 * only the thread that selects may read and write. They have no {@code socket()}.
 */
public final class IoUring {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.transport.linux");
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private IoUring() {}

    /** Made when it is asked for. */
    private static final class Holder {
        static final UringProvider PROVIDER = new UringProvider();
        static final @Nullable String FAILURE = Probe.failure(PROVIDER);
    }

    /**
     * The provider over io_uring, or that of the system where io_uring cannot be used, which is said once in the log at INFO.
     *
     * @return a provider for {@code sockets} of a server or client
     */
    public static SelectorProvider orNio() {
        String failure = Holder.FAILURE;
        if (failure == null) {
            return Holder.PROVIDER;
        }
        if (!TOLD.getAndSet(true)) {
            LOG.log(Level.INFO, "sockets use NIO, since io_uring cannot be used: {0}", failure);
        }
        return SelectorProvider.provider();
    }

    /**
     * The provider over io_uring.
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
     * Why io_uring cannot be used here.
     *
     * @return a sentence, or nothing if it can be used
     */
    public static Optional<String> unavailable() {
        return Optional.ofNullable(Holder.FAILURE);
    }
}
