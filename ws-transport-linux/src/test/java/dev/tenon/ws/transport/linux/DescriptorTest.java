package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptors are closed when their use fails, and when the process starts another program. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorTest {
    private static final int STREAM = 1;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int NON_BLOCKING = 04000;

    /** The numbers of all descriptors, with the kinds of file that they refer to. */
    private static Map<Integer, String> descriptors() {
        Map<Integer, String> all = new TreeMap<>();
        for (File each : Objects.requireNonNull(new File("/proc/self/fd").listFiles())) {
            try {
                String target = Files.readSymbolicLink(each.toPath()).toString();
                all.put(Integer.valueOf(each.getName()), target);
            } catch (IOException closed) {
                // it was the descriptor of the folder
            }
        }
        return all;
    }

    /** A socket of the Unix domain rejects the options of IPv6. */
    @Test
    void aSocketThatRejectsAnOptionIsClosed() {
        SelectorProvider unused = Kernel.provider();
        int fd = Libc.socket(SocketAddresses.AF_UNIX, STREAM, 0);
        assertTrue(fd >= 0);
        assertThrows(IOException.class, () -> Descriptor.withOptions(fd, SocketAddresses.AF_INET6));
        assertEquals(-1, Libc.close(fd), "the number is still in use");
    }

    @Test
    void aProgramThatIsStartedInheritsNoDescriptor() throws Exception {
        SelectorProvider provider = Kernel.provider();
        Map<Integer, String> before = descriptors();
        try (Selector selector = provider.openSelector();
                ServerSocketChannel listener = provider.openServerSocketChannel();
                SocketChannel near = provider.openSocketChannel()) {
            listener.configureBlocking(false);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            near.configureBlocking(false);
            near.connect(listener.getLocalAddress());
            listener.register(selector, SelectionKey.OP_ACCEPT);
            selector.select();
            try (SocketChannel far = listener.accept()) {
                assertTrue(far.isConnected());
                Map<Integer, String> opened = descriptors();
                opened.entrySet().removeAll(before.entrySet());
                opened.values().removeIf(target -> !target.startsWith("socket:") && !target.startsWith("anon_inode:"));
                assertTrue(opened.size() >= 5, () -> "two ends, the listener, the ring and its event: " + opened);
                for (Map.Entry<Integer, String> each : opened.entrySet()) {
                    int flags = flags(each.getKey());
                    assertNotEquals(0, flags & CLOSE_ON_EXEC, each.getValue());
                    if (each.getValue().startsWith("socket:")) {
                        assertNotEquals(0, flags & NON_BLOCKING, each.getValue());
                    }
                }
            }
        }
    }

    private static int flags(int fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                .findFirst()
                .orElseThrow();
    }
}
