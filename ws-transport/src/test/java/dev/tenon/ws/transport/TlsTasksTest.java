package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks of TLS handshakes, on the loop and on other threads. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTasksTest extends TlsTestBase {
    /** A key that is not available until the test releases it, so that a handshake task takes long. */
    private static final class SlowKey extends X509ExtendedKeyManager {
        /** The engines whose tasks have requested the key. */
        final BlockingQueue<SSLEngine> requests = new LinkedBlockingQueue<>();

        final CountDownLatch letGo = new CountDownLatch(1);

        SSLContext context() throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            return context;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            requests.add(engine);
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
        Socket raw = raw(new Socket());
        SSLSocket socket = tls(raw, protocol);
        Echo echo = accept(key.context(), Echo::new);
        Thread handshake = new Thread(() -> assertThrows(IOException.class, socket::startHandshake));
        handshake.start();
        assertNotNull(key.requests.poll(10, TimeUnit.SECONDS));
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

    /** Opens a link on which a ClientHello arrives. */
    private Echo hello(SSLContext context, Socket socket, boolean closes) throws Exception {
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        engine.wrap(ByteBuffer.allocate(0), hello);
        raw(socket);
        Echo echo = accept(context, Echo::new);
        echo.link.loop().execute(() -> {
            echo.link.feed(hello.flip());
            if (closes) {
                echo.link.close(null);
            }
        });
        return echo;
    }

    /** On the loop, and on other threads that are busy until the links are closed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tasksOfClosedLinksDoNotRun(boolean onTheLoop) throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        EventLoops few = loops;
        EventLoops many = EventLoops.start(processors, "tls-test", true);
        loops = onTheLoop ? many : few;
        SlowKey busy = new SlowKey();
        SlowKey unused = new SlowKey();
        SlowKey last = new SlowKey();
        unused.letGo.countDown();
        last.letGo.countDown();
        List<Socket> sockets =
                Stream.generate(Socket::new).limit(processors + 20).toList();
        try {
            for (Socket socket : sockets.subList(0, onTheLoop ? 0 : processors)) {
                hello(busy.context(), socket, false);
                assertNotNull(busy.requests.poll(10, TimeUnit.SECONDS));
            }
            for (Socket socket : sockets.subList(processors + 1, sockets.size())) {
                assertTrue(hello(unused.context(), socket, true)
                        .closed
                        .get(10, TimeUnit.SECONDS)
                        .isEmpty());
            }
            Echo echo = hello(last.context(), sockets.get(processors), false);
            busy.letGo.countDown();
            assertInstanceOf(SSLException.class, echo.failure());
            assertEquals(0, unused.requests.size());
        } finally {
            busy.letGo.countDown();
            for (Socket socket : sockets) {
                socket.close();
            }
            loops = few;
            many.stop(Duration.ZERO);
        }
    }

    /** Connects a link with the JDK's engine, which sends its certificate and Finished in one record. */
    private <P extends Echo> CompletableFuture<P> connect(SSLEngine engine, Function<Link, P> protocol) {
        CompletableFuture<P> made = new CompletableFuture<>();
        engine.setUseClientMode(true);
        EventLoop loop = loops.next();
        loop.execute(() -> {
            try {
                SocketChannel channel = loop.provider().openSocketChannel();
                channel.configureBlocking(false);
                Links.connect(loop, channel, acceptor.address(), engine, null, link -> {
                    P p = protocol.apply(link);
                    made.complete(p);
                    return p;
                });
            } catch (IOException e) {
                made.completeExceptionally(e);
            }
        });
        return made;
    }

    /** The server makes no ticket for sessions that last longer than a week, so its last task ends the handshake. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandshakeMayEndWithATask(boolean withCertificate) throws Exception {
        class Client extends Echo {
            final CompletableFuture<Byte> received = new CompletableFuture<>();

            Client(Link link) {
                super(link);
            }

            @Override
            public void opened() {
                link.reserve(1).put((byte) 7);
            }

            @Override
            public void received(ByteBuffer input) {
                received.complete(input.get());
            }
        }
        SSLContext context = key.trusting(key);
        context.getServerSessionContext().setSessionTimeout(8 * 24 * 3600);
        SSLEngine engine = context.createSSLEngine();
        engine.setWantClientAuth(true);
        CompletableFuture<Client> connecting =
                connect((withCertificate ? context : client).createSSLEngine(), Client::new);
        Echo echo = accept(engine, Echo::new);
        assertEquals((byte) 7, connecting.get(10, TimeUnit.SECONDS).received.get(10, TimeUnit.SECONDS));
        assertTrue(echo.opened.isDone());
    }
}
