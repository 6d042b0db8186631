package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The file of a Unix domain socket, which the operating system does not remove with the socket. */
final class SocketFile {
    private final Path path;
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /** The file that binding the address has just created. */
    static SocketFile of(UnixDomainSocketAddress address) throws IOException {
        return new SocketFile(address.getPath(), attributes(address.getPath()).fileKey());
    }

    /** Removes the file of a socket on which no process listens; leaves any other file. */
    static void removeStale(UnixDomainSocketAddress address) throws IOException {
        if (Files.exists(address.getPath(), LinkOption.NOFOLLOW_LINKS)
                && attributes(address.getPath()).isOther()
                && !hasListener(address)) {
            Files.deleteIfExists(address.getPath());
        }
    }

    private static boolean hasListener(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // a listener with a full backlog must count as listening
            probe.connect(address);
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    /**
     * Removes the file if it is still the created one. The socket must still be open, so that no new file can have the
     * same identity.
     */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && Objects.equals(key, attributes(path).fileKey())) {
            Files.deleteIfExists(path);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
