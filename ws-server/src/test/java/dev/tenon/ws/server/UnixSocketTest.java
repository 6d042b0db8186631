package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixSocketTest {
    private Path file;
    private UnixDomainSocketAddress address;

    @BeforeEach
    void choose(@TempDir Path folder) {
        file = folder.resolve("socket");
        address = UnixDomainSocketAddress.of(file);
    }

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .extensions(Extensions.none())
                .loops(1)
                .http(request -> HttpResponse.text(200, "hello"));
    }

    private boolean exists() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private String get() throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));
            return new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void aWebSocketOverAUnixDomainSocket() throws Exception {
        Echo echo = new Echo();
        try (WebSocketServer server = builder()
                        .listen(address)
                        .route("/ws", upgrade -> {
                            assertNull(upgrade.remoteAddress());
                            assertEquals(new Client(null, false, null), upgrade.client());
                            return upgrade.accept(echo);
                        })
                        .start();
                SocketChannel channel = SocketChannel.open(address)) {
            assertEquals(List.of(address), server.addresses());
            assertThrows(IllegalStateException.class, server::port);
            channel.write(ByteBuffer.wrap(RawClient.upgrade("/ws", "").getBytes(ISO_8859_1)));
            channel.write(ByteBuffer.wrap(RawClient.masked(Frame.text("through a file"))));
            ByteBuffer response = ByteBuffer.allocate(1000);
            String all = "";
            while (!all.endsWith("through a file") && channel.read(response) >= 0) {
                all = ISO_8859_1.decode(response.duplicate().flip()).toString();
            }
            assertTrue(all.startsWith("HTTP/1.1 101 ") && all.endsWith("through a file"), all);
        }
        assertTrue(echo.closed.isDone());
        assertFalse(exists(), "the file is gone with the server");
    }

    @Test
    void bothKindsOfAddressAtOnce() throws Exception {
        InetSocketAddress port = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (WebSocketServer server = builder().listen(address).listen(port).start()) {
            List<SocketAddress> addresses = server.addresses();
            assertEquals(address, addresses.get(0));
            assertEquals(((InetSocketAddress) addresses.get(1)).getPort(), server.port());
            try (RawClient client = new RawClient(server)) {
                client.send("GET / HTTP/1.0\r\n\r\n");
                assertTrue(client.rest().endsWith("hello"));
            }
            assertTrue(get().endsWith("hello"));
        }
    }

    @Test
    void theFileOfACrashedServerIsReplaced() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        assertTrue(exists(), "closing does not remove it");
        try (WebSocketServer server = builder().listen(address).start()) {
            assertEquals(1, server.addresses().size());
            assertTrue(get().endsWith("hello"));
        }
        assertFalse(exists());
    }

    @Test
    void theSocketOfARunningServerIsKept() throws Exception {
        try (WebSocketServer first = builder().listen(address).start()) {
            assertThrows(IOException.class, builder().listen(address)::start);
            assertTrue(get().endsWith("hello"), "the first still answers");
            assertEquals(1, first.addresses().size());
        }
        assertFalse(exists());
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(file, "precious");
        assertThrows(IOException.class, builder().listen(address)::start);
        assertEquals("precious", Files.readString(file));
        Path link = file.resolveSibling("link");
        Files.createSymbolicLink(link, file);
        assertThrows(IOException.class, builder().listen(UnixDomainSocketAddress.of(link))::start);
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void aFileThatHasTakenTheSocketsPlaceIsLeftAlone() throws Exception {
        try (WebSocketServer server = builder().listen(address).start()) {
            assertEquals(1, server.addresses().size());
            Files.delete(file);
            Files.writeString(file, "somebody else's");
        }
        assertEquals("somebody else's", Files.readString(file));
    }

    @Test
    void aFailedStartLeavesNoResourcesBehind() throws Exception {
        try (WebSocketServer other = builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start()) {
            assertThrows(
                    IOException.class,
                    builder().listen(address).listen(other.addresses().get(0))::start);
        }
        assertFalse(exists());
    }

    @Test
    void addressesOfOtherKindsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> builder().listen(new SocketAddress() {
                    private static final long serialVersionUID = 1L;
                }));
    }
}
