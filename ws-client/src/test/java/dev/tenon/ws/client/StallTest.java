package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.Closeable;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A step of the connect stops: the deadline's exception names the step, and a cancel at that step leaves no resources.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StallTest {
    private static final byte[] HALF_A_SERVER_HELLO = {0x16, 3, 3, 0, 100, 2, 0, 0, 96, 3, 3, 1, 2, 3};

    /** The step that stops, and its message. */
    enum Stall {
        RESOLVER("the address of slow.test"),
        CONNECT("a TCP connection to slow.test:%d (127.0.0.1)"),
        TLS("the TLS handshake with slow.test:%d"),
        HALF_A_HELLO("the TLS handshake with slow.test:%d"),
        ANSWER("a response of slow.test:%d to the opening handshake"),
        HALF_A_HEAD("the rest of the response of slow.test:%d to the opening handshake"),
        HALF_A_REFUSAL("the rest of the response of slow.test:%d to the opening handshake"),
        HTTP_PROXY("the response of the proxy 127.0.0.1:%d to CONNECT"),
        HALF_AN_HTTP_PROXY("the response of the proxy 127.0.0.1:%d to CONNECT"),
        SOCKS_METHOD("the choice of an authentication method of the proxy 127.0.0.1:%d, by SOCKS"),
        SOCKS_VERDICT("the response to the user name of the proxy 127.0.0.1:%d, by SOCKS"),
        SOCKS_REPLY("the response to the request to connect of the proxy 127.0.0.1:%d, by SOCKS");

        final String awaitedEvent;

        Stall(String awaitedEvent) {
            this.awaitedEvent = awaitedEvent;
        }
    }

    /** A peer that stops, and a client that connects to it. */
    private static final class StalledConnect implements Closeable {
        final CountDownLatch reached = new CountDownLatch(1);
        final WebSocketClient client;
        final String uri;
        final int port;
        private final Closeable peer;

        StalledConnect(Stall stall, Duration deadline) throws Exception {
            if (stall == Stall.CONNECT) {
                FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                peer = silence;
                port = silence.port();
                reached.countDown(); // the earliest moment at which the state is visible from outside
            } else {
                Peer server = peer(stall);
                peer = server;
                port = server.port();
            }
            boolean secure = stall == Stall.TLS || stall == Stall.HALF_A_HELLO;
            uri = (secure ? "wss" : "ws") + "://slow.test:" + port + "/";
            client = builder(stall, deadline).build();
        }

        private WebSocketClient.Builder builder(Stall stall, Duration deadline) {
            WebSocketClient.Builder builder = WebSocketClient.builder()
                    .proxy(null)
                    .resolver(host -> {
                        if (stall == Stall.RESOLVER) {
                            waitForEver();
                        }
                        return List.of(InetAddress.getByName("127.0.0.1"));
                    })
                    .authenticator(new Authenticator() {
                        @Override
                        protected PasswordAuthentication getPasswordAuthentication() {
                            return new PasswordAuthentication("user", new char[] {'x'});
                        }
                    })
                    .resolveTimeout(deadline)
                    .connectTimeout(deadline)
                    .handshakeTimeout(deadline);
            return switch (stall) {
                case HTTP_PROXY, HALF_AN_HTTP_PROXY ->
                    builder.proxy(new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(Proxy.Type.HTTP, port)));
                case SOCKS_METHOD, SOCKS_VERDICT, SOCKS_REPLY ->
                    builder.proxy(new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(Proxy.Type.SOCKS, port)));
                default -> builder;
            };
        }

        private void waitForEver() {
            reached.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Peer peer(Stall stall) throws Exception {
            return Peer.start(socket -> {
                byte[] buffer = new byte[4096];
                int unused = socket.getInputStream().read(buffer);
                switch (stall) {
                    case HALF_A_HELLO -> socket.getOutputStream().write(HALF_A_SERVER_HELLO);
                    case HALF_A_HEAD, HALF_AN_HTTP_PROXY -> Peer.say(socket, "HTTP/1.1 200 OK\r\nVia:");
                    case HALF_A_REFUSAL -> Peer.say(socket, "HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\nhalf");
                    case SOCKS_VERDICT -> socket.getOutputStream().write(new byte[] {5, 2});
                    case SOCKS_REPLY -> {
                        socket.getOutputStream().write(new byte[] {5, 0});
                        int unusedToo = socket.getInputStream().read(buffer);
                        socket.getOutputStream().write(new byte[] {5, 0, 0});
                    }
                    default -> {}
                }
                reached.countDown();
                while (socket.getInputStream().read(buffer) >= 0) {
                    // the client has closed the connection
                }
            });
        }

        @Override
        public void close() throws java.io.IOException {
            client.close();
            peer.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineNamesTheStep(Stall stall) throws Exception {
        try (StalledConnect stalled = new StalledConnect(stall, Duration.ofMillis(800))) {
            CompletableFuture<WebSocket> connecting = stalled.client.connect(stalled.uri, new Chat());
            Throwable late = stall == Stall.HALF_A_REFUSAL // the status of this response is known
                    ? failure(HandshakeException.class, connecting).getSuppressed()[0]
                    : failure(SocketTimeoutException.class, connecting);
            assertEquals(
                    "waited 800 ms for " + String.format(java.util.Locale.ROOT, stall.awaitedEvent, stalled.port),
                    late.getMessage());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
        OpenResources.awaitThreads(0);
    }

    @ParameterizedTest
    @EnumSource
    void cancellingThereLeavesNothing(Stall stall) throws Exception {
        OpenResources.awaitThreads(0);
        try (StalledConnect warm =
                new StalledConnect(stall, Duration.ofMinutes(1))) { // the JDK opens some files once and keeps them
            warm.client.connect(warm.uri, new Chat()).cancel(true);
        }
        OpenResources.awaitThreads(0);
        long before = OpenResources.descriptors();
        try (StalledConnect stalled = new StalledConnect(stall, Duration.ofMinutes(1))) {
            Chat chat = new Chat();
            CompletableFuture<WebSocket> connecting = stalled.client.connect(stalled.uri, chat);
            assertTrue(stalled.reached.await(20, TimeUnit.SECONDS));
            assertFalse(connecting.isDone());
            assertTrue(connecting.cancel(true));
            OpenResources.await("its turn is not given back", () -> LinkOpener.HOSTS.keys() == 0);
            assertTrue(chat.ends.isEmpty());
        }
        OpenResources.awaitThreads(0);
        OpenResources.awaitDescriptors(before);
    }

    /** Handlers of the user that do not return. */
    enum Handler {
        SELECTOR,
        COOKIES,
        AUTHENTICATOR
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatDoesNotComeBackIsInterruptedByCancelling(Handler handler) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Runnable wait = () -> {
            reached.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        switch (handler) {
            case SELECTOR ->
                builder.proxy(new java.net.ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        wait.run();
                        return List.of();
                    }

                    @Override
                    public void connectFailed(URI uri, java.net.SocketAddress address, java.io.IOException failure) {}
                });
            case COOKIES ->
                builder.cookies(new CookieHandler() {
                    @Override
                    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                        wait.run();
                        return Map.of();
                    }

                    @Override
                    public void put(URI uri, Map<String, List<String>> headers) {}
                });
            case AUTHENTICATOR ->
                builder.authenticator(new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        wait.run();
                        return new PasswordAuthentication("user", new char[0]);
                    }
                });
        }
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    Peer.say(socket, Peer.response(401, "WWW-Authenticate: Basic realm=\"x\""));
                });
                WebSocketClient client = builder.build()) {
            peer[0] = server;
            CompletableFuture<WebSocket> connecting = client.connect(server.uri(), new Chat());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            assertTrue(connecting.cancel(true));
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
            assertEquals(handler == Handler.AUTHENTICATOR ? 1 : 0, server.heads.size());
        }
        OpenResources.awaitThreads(0);
        assertEquals(0, LinkOpener.HOSTS.keys());
    }
}
