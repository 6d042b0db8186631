package dev.tenon.ws.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links over TLS on the loopback interface; the other end is the JDK's TLS over blocking sockets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
    private static SSLContext server;
    private static SSLContext client;

    private EventLoops loops;
    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    private Acceptor acceptor;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
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
    private static class Echo implements Protocol {
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

    /** A socket that passes each byte to the network separately. */
    private static final class ByteByByteSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()); // FilterOutputStream writes byte by byte
        }
    }

    private Socket raw(Socket socket) throws IOException {
        socket.connect(acceptor.address());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static SSLSocket tls(Socket raw, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(raw, "tenon.example", 443, true);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private <P extends Echo> P accept(Function<Link, P> protocol) throws Exception {
        return accept(server, protocol);
    }

    private <P extends Echo> P accept(SSLContext context, Function<Link, P> protocol) throws Exception {
        SocketChannel channel = accepted.poll(20, TimeUnit.SECONDS);
        CompletableFuture<P> made = new CompletableFuture<>();
        EventLoop loop = loops.next();
        loop.execute(() -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
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

    /** A peer sends invalid TLS and resets while the loop is busy, so the alert cannot be written. */
    private void resetBeforeTheAlert() throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        Echo echo;
        try (Socket socket = raw(new Socket())) {
            echo = accept(Echo::new);
            loops.next().execute(() -> {
                try {
                    assertTrue(reset.await(10, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
            socket.setSoLinger(true, 0);
        }
        reset.countDown();
        assertTrue(echo.closed.get(10, TimeUnit.SECONDS).isPresent());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void resetsDuringTheHandshakeAffectNoOtherConnection(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            resetBeforeTheAlert();
        }
        byte[] sent = random(1_000);
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.3")) {
            accept(Echo::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsInSingleBytesAreTheSameRecords(String protocol) throws Exception {
        byte[] sent = random(20_000);
        try (SSLSocket socket = tls(raw(new ByteByByteSocket()), protocol)) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            assertTrue(echo.opened.isDone());
            assertEquals(protocol, Objects.requireNonNull(echo.link.session()).getProtocol());
            socket.shutdownOutput(); // close_notify
            assertEquals(-1, socket.getInputStream().read(), "and one back, without which this were an exception");
            assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
            assertTrue(echo.ended.isDone());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void allWrittenBytesLeaveBeforeTheEndHoweverSlowThePeer(String protocol) throws Exception {
        byte[] sent = random(12_000_000);
        CompletableFuture<Long> backlog = new CompletableFuture<>();
        try (SSLSocket socket = tls(raw(new Socket()), protocol)) {
            Echo echo = accept(Echo::new);
            socket.startHandshake();
            assertTrue(echo.opened.get(10, TimeUnit.SECONDS));
            echo.link.loop().execute(() -> {
                for (int at = 0; at < sent.length; ) {
                    int small = Math.min(1000, sent.length - at);
                    echo.link.reserve(small).put(sent, at, small);
                    at += small;
                    int large = Math.min(70_000, sent.length - at);
                    echo.link.write(ByteBuffer.wrap(sent, at, large));
                    at += large;
                }
                backlog.complete(echo.link.backlog());
                echo.link.finish();
            });
            assertTrue(backlog.get(20, TimeUnit.SECONDS) > 0, "the peer has read nothing, so most of it waits");
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
            assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anEndWithoutCloseNotifyIsAnEnd(String protocol) throws Exception {
        Socket raw = raw(new Socket());
        SSLSocket socket = tls(raw, protocol);
        Echo echo = accept(Echo::new);
        socket.getOutputStream().write(1);
        assertEquals(1, socket.getInputStream().read());
        raw.shutdownOutput();
        assertTrue(echo.ended.get(10, TimeUnit.SECONDS));
        assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
        raw.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bytesLeftBeforeAPauseComeFirstAfterIt(String protocol) throws Exception {
        byte[] sent = random(50_000);
        class RejectingProtocol extends Echo {
            RejectingProtocol(Link link) {
                super(link);
            }

            @Override
            public void received(ByteBuffer input) {
                byte[] some = new byte[Math.min(97, input.remaining())];
                input.get(some);
                link.reserve(some.length).put(some);
                link.pauseInput();
                link.loop().execute(link::resume);
            }
        }
        try (SSLSocket socket = tls(raw(new Socket()), protocol)) {
            Echo echo = accept(RejectingProtocol::new);
            socket.getOutputStream().write(sent);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            socket.shutdownOutput();
            assertTrue(echo.ended.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: tenon.example\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000", // a ClientHello of one byte
                "\u0016\u0003\u0001ÿÿÿÿÿÿÿÿÿ", // a record longer than any
                "\u0015\u0003\u0003\u0000\u0002\u0002(", // an alert instead of a ClientHello
                "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000"
            })
    void bytesThatAreNoTlsEndTheConnection(String garbage) throws Exception {
        try (Socket socket = raw(new Socket())) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(garbage.getBytes(ISO_8859_1));
            byte[] response = socket.getInputStream().readAllBytes();
            assertTrue(response.length == 0 || response[0] == 21, "an alert, if anything");
            assertInstanceOf(SSLException.class, echo.failure());
            assertTrue(!echo.opened.isDone());
        }
    }

    @Test
    void anEndInTheHandshakeIsAFailure() throws Exception {
        try (Socket socket = raw(new Socket())) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1});
            socket.shutdownOutput();
            assertInstanceOf(EOFException.class, echo.failure());
        }
    }

    /** A key that is not available until the test releases it, so that a handshake task takes long. */
    private static final class SlowKey extends X509ExtendedKeyManager {
        final CountDownLatch keyRequested = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            keyRequested.countDown();
            try {
                assertTrue(letGo.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void closingWhileAHandshakeTaskRunsNeitherWaitsNorFails(String protocol) throws Exception {
        SlowKey key = new SlowKey();
        SSLContext slow = SSLContext.getInstance("TLS");
        slow.init(new KeyManager[] {key}, null, null);
        Socket raw = raw(new Socket());
        SSLSocket socket = tls(raw, protocol);
        Echo echo = accept(slow, Echo::new);
        Thread handshake = new Thread(() -> assertThrows(IOException.class, socket::startHandshake));
        handshake.start();
        assertTrue(key.keyRequested.await(10, TimeUnit.SECONDS));
        CompletableFuture<Boolean> finished = new CompletableFuture<>();
        echo.link.loop().execute(() -> {
            echo.link.finish();
            finished.complete(true);
        });
        try {
            assertTrue(finished.get(10, TimeUnit.SECONDS));
            assertEquals(Optional.empty(), echo.closed.get(10, TimeUnit.SECONDS));
        } finally {
            key.letGo.countDown();
            raw.close();
            handshake.join();
        }
    }

    private static void renegotiate(SSLSocket socket) throws IOException {
        socket.startHandshake();
        socket.getInputStream().read();
    }

    @Test
    void aClientDoesNotRenegotiate() throws Exception {
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.2")) {
            Echo echo = accept(Echo::new);
            socket.getOutputStream().write(1);
            assertEquals(1, socket.getInputStream().read());
            assertThrows(IOException.class, () -> renegotiate(socket));
            assertEquals("renegotiation is not supported", echo.failure().getMessage());
        }
    }

    @Test
    void keysMayBeUpdated() throws Exception {
        try (SSLSocket socket = tls(raw(new Socket()), "TLSv1.3")) {
            Echo echo = accept(Echo::new);
            for (int i = 0; i < 3; i++) {
                socket.startHandshake(); // in TLS 1.3, a KeyUpdate that requests another one
                byte[] sent = random(1000 + i);
                socket.getOutputStream().write(sent);
                assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            }
            assertTrue(!echo.closed.isDone());
        }
    }
}
