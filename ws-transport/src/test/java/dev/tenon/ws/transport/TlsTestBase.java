package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Shared by the tests of TLS links: keys, event loops, an acceptor that echoes, and its clients. */
abstract class TlsTestBase {
    static TestKey key;
    static SSLContext server;
    static SSLContext client;

    EventLoops loops;
    final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    Acceptor acceptor;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        key = TestKey.make(folder, "tenon.example");
        server = key.trusting();
        client = TestKey.withoutKey(key);
    }

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start(1, "tls-test", true);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        acceptor = Acceptor.open(loops, anywhere, SocketSettings.DEFAULT, (loop, channel) -> accepted.add(channel))
                .get(0);
    }

    @AfterEach
    void stop() throws IOException {
        loops.stop(Duration.ZERO);
        assertEquals(0, loops.links());
        acceptor.close();
    }

    /** Echoes bytes, and records how it ended. */
    static class Echo implements Protocol {
        final Link link;
        final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        final CompletableFuture<Optional<IOException>> closed = new CompletableFuture<>();

        Echo(Link link) {
            this.link = link;
        }

        @Override
        public void opened() {
            assertTrue(opened.complete(true), "opened twice");
        }

        @Override
        public void received(ByteBuffer input) {
            link.write(input);
        }

        @Override
        public void inputEnded() {
            assertTrue(ended.complete(true), "ended twice");
            link.finish();
        }

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {
            assertTrue(closed.complete(Optional.ofNullable(cause)), "closed twice");
        }

        IOException failure() throws Exception {
            return closed.get(10, TimeUnit.SECONDS).orElseThrow();
        }
    }

    Socket raw(Socket socket) throws IOException {
        socket.connect(acceptor.address());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    static SSLSocket tls(Socket raw, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(raw, "tenon.example", 443, true);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    <P extends Echo> P accept(Function<Link, P> protocol) throws Exception {
        return accept(server, protocol);
    }

    <P extends Echo> P accept(SSLContext context, Function<Link, P> protocol) throws Exception {
        return accept(context.createSSLEngine(), protocol);
    }

    <P extends Echo> P accept(SSLEngine engine, Function<Link, P> protocol) throws Exception {
        SocketChannel channel = accepted.poll(20, TimeUnit.SECONDS);
        CompletableFuture<P> made = new CompletableFuture<>();
        EventLoop loop = loops.next();
        engine.setUseClientMode(false);
        loop.execute(() -> {
            try {
                Links.accepted(loop, channel, engine, null, link -> {
                    P p = protocol.apply(link);
                    made.complete(p);
                    return p;
                });
            } catch (IOException e) {
                made.completeExceptionally(e);
            }
        });
        return made.get(10, TimeUnit.SECONDS);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
