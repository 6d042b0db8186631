package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Maps the socket options of the JDK to the numbers of Linux. */
final class SocketOptions {
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_IPV6 = 41;
    private static final int SO_ERROR = 4;
    private static final int IP_TOS = 1;
    private static final int IPV6_TCLASS = 67;

    private record Name(int level, int number) {}

    /** The keys are names, because the options of {@code jdk.net} are in a module that may be absent. */
    private static final Map<String, Name> NAMES = Map.of(
            "SO_REUSEADDR", new Name(SOL_SOCKET, 2),
            "SO_SNDBUF", new Name(SOL_SOCKET, 7),
            "SO_RCVBUF", new Name(SOL_SOCKET, 8),
            "SO_KEEPALIVE", new Name(SOL_SOCKET, 9),
            "SO_REUSEPORT", new Name(SOL_SOCKET, 15),
            "IP_TOS", new Name(IPPROTO_IP, IP_TOS),
            "TCP_NODELAY", new Name(IPPROTO_TCP, 1),
            "TCP_KEEPIDLE", new Name(IPPROTO_TCP, 4),
            "TCP_KEEPINTERVAL", new Name(IPPROTO_TCP, 5),
            "TCP_KEEPCOUNT", new Name(IPPROTO_TCP, 6));

    private static final int SO_LINGER = 13;

    /** Returns the options of a channel of one kind and family. */
    static Set<SocketOption<?>> supported(NetworkChannel channel, int family) {
        boolean listens = channel instanceof ServerSocketChannel;
        if (family == SocketAddresses.AF_UNIX) {
            return listens ? Set.of(StandardSocketOptions.SO_RCVBUF) : Sets.UNIX;
        }
        return listens ? Sets.LISTENER : Sets.CONNECTION;
    }

    /** Delays the creation of the sets until their first use. */
    private static final class Sets {
        static final Set<SocketOption<?>> UNIX = Set.of(
                StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_LINGER);
        static final Set<SocketOption<?>> CONNECTION = of(true);
        static final Set<SocketOption<?>> LISTENER = of(false);

        /** Returns the options of the JDK's channels whose number is known. */
        private static Set<SocketOption<?>> of(boolean connection) {
            try (NetworkChannel jdk = connection ? SocketChannel.open() : ServerSocketChannel.open()) {
                return jdk.supportedOptions().stream()
                        .filter(option -> NAMES.containsKey(option.name())
                                || (connection && option == StandardSocketOptions.SO_LINGER))
                        .collect(Collectors.toUnmodifiableSet());
            } catch (IOException noDescriptor) {
                throw new UncheckedIOException(noDescriptor);
            }
        }
    }

    private SocketOptions() {}

    /** Loads the sets of options now, because loading them opens sockets. */
    static void load() {
        Set<SocketOption<?>> unused = Sets.CONNECTION;
    }

    /** Throws an exception if a channel is closed or does not support an option. */
    private static void require(NetworkChannel channel, Descriptor descriptor, SocketOption<?> option)
            throws IOException {
        descriptor.require();
        if (!channel.supportedOptions().contains(option)) {
            throw new UnsupportedOperationException("the socket option '" + option.name() + "' is not supported");
        }
    }

    static void set(NetworkChannel channel, Descriptor descriptor, SocketOption<?> option, Object value)
            throws IOException {
        require(channel, descriptor, option);
        synchronized (descriptor) {
            int fd = descriptor.require();
            if (option == StandardSocketOptions.SO_LINGER) {
                setLinger(fd, (Integer) value);
                return;
            }
            Name name = name(option);
            int plain = value instanceof Boolean on ? on ? 1 : 0 : (Integer) value;
            set(fd, name.level, name.number, plain);
            if (name.level == IPPROTO_IP && descriptor.family == SocketAddresses.AF_INET6) {
                set(fd, IPPROTO_IPV6, IPV6_TCLASS, plain);
            }
        }
    }

    private static void setLinger(int fd, int seconds) throws IOException {
        MemorySegment value = Scratch.here().value;
        value.set(ValueLayout.JAVA_INT, 0, seconds < 0 ? 0 : 1);
        value.set(ValueLayout.JAVA_INT, 4, Math.max(0, seconds));
        check(Libc.setsockopt(fd, SOL_SOCKET, SO_LINGER, value.address(), 8));
    }

    static void set(int fd, int level, int name, int plain) throws IOException {
        MemorySegment value = Scratch.here().value;
        value.set(ValueLayout.JAVA_INT, 0, plain);
        check(Libc.setsockopt(fd, level, name, value.address(), 4));
    }

    @SuppressWarnings("unchecked") // the value is of the option's type
    static <T> T get(NetworkChannel channel, Descriptor descriptor, SocketOption<T> option) throws IOException {
        require(channel, descriptor, option);
        return (T) get(descriptor, option);
    }

    private static Object get(Descriptor descriptor, SocketOption<?> option) throws IOException {
        synchronized (descriptor) {
            int fd = descriptor.require();
            if (option == StandardSocketOptions.SO_LINGER) {
                int on = get(fd, SOL_SOCKET, SO_LINGER);
                return on == 0 ? -1 : Scratch.here().value.get(ValueLayout.JAVA_INT, 4);
            }
            Name name = name(option);
            boolean traffic = name.level == IPPROTO_IP && descriptor.family == SocketAddresses.AF_INET6;
            int plain = traffic ? get(fd, IPPROTO_IPV6, IPV6_TCLASS) : get(fd, name.level, name.number);
            if (option.type() == Boolean.class) {
                return plain != 0;
            }
            // Linux returns twice the value that was set
            return option == StandardSocketOptions.SO_SNDBUF || option == StandardSocketOptions.SO_RCVBUF
                    ? plain / 2
                    : plain;
        }
    }

    private static int get(int fd, int level, int name) throws IOException {
        Scratch scratch = Scratch.here();
        check(Libc.getsockopt(fd, level, name, scratch.value.address(), scratch.length(8)));
        return scratch.value.get(ValueLayout.JAVA_INT, 0);
    }

    /** Returns and clears the pending error of a socket; 0 if there is none. */
    static int takeError(Descriptor descriptor) throws IOException {
        synchronized (descriptor) {
            return get(descriptor.require(), SOL_SOCKET, SO_ERROR);
        }
    }

    private static Name name(SocketOption<?> option) {
        Name name = NAMES.get(option.name());
        if (name == null) {
            throw new UnsupportedOperationException("the socket option '" + option.name() + "' is not supported");
        }
        return name;
    }

    private static void check(int result) throws IOException {
        if (result < 0) {
            throw Errno.socket(-result);
        }
    }
}
