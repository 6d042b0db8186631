package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An exception of any user code fails the connect's future, and no descriptor, timer or permit remains. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // callbacks return null, against their contract
class OwnerTest {
    private static final class Boom extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static Boom boom() {
        return new Boom();
    }

    /** The user code that throws. */
    enum UserCode {
        INITIAL_DEMAND,
        EXTENSION_OFFERS,
        EXTENSION_CONFIRMS,
        EXTENSION_OPENS,
        RESOLVER,
        RESOLVER_GIVES_NULL,
        RESOLVER_GIVES_NULLS,
        EXECUTOR,
        ADDRESS_FILTER,
        SELECTOR,
        SELECTOR_GIVES_NULLS,
        COOKIES_GET,
        COOKIES_PUT,
        AUTHENTICATOR,
        AUTH_POLICY,
        REDIRECT_POLICY,
        TAP_SENDS,
        TAP_RECEIVES
    }

    /** Returns settings with which the user code is called. */
    private static WebSocketClient.Builder builder(UserCode userCode) {
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        return switch (userCode) {
            case EXTENSION_OFFERS, EXTENSION_CONFIRMS, EXTENSION_OPENS ->
                builder.extensions(Extensions.of(new Throwing(userCode)));
            case RESOLVER ->
                builder.resolver(host -> {
                    throw boom();
                });
            case RESOLVER_GIVES_NULL -> builder.resolver(host -> null);
            case RESOLVER_GIVES_NULLS ->
                builder.resolver(host -> java.util.Arrays.asList(null, InetAddress.getLoopbackAddress()));
            case EXECUTOR ->
                builder.executor(task -> {
                    throw boom();
                });
            case ADDRESS_FILTER ->
                builder.addressFilter((host, address) -> {
                    throw boom();
                });
            case SELECTOR, SELECTOR_GIVES_NULLS -> builder.proxy(new Selector(userCode == UserCode.SELECTOR));
            case COOKIES_GET, COOKIES_PUT -> builder.cookies(new Cookies(userCode == UserCode.COOKIES_GET));
            case AUTHENTICATOR ->
                builder.authenticator(new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        throw boom();
                    }
                });
            case AUTH_POLICY ->
                builder.authenticator(new Authenticator() {}).authPolicy((scheme, encrypted) -> {
                    throw boom();
                });
            case REDIRECT_POLICY ->
                builder.redirects(RedirectPolicy.follow(1).withAllowed(redirect -> {
                    throw boom();
                }));
            case INITIAL_DEMAND, TAP_SENDS, TAP_RECEIVES -> builder;
        };
    }

    private static final class Selector extends ProxySelector {
        private final boolean throwing;

        Selector(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public List<Proxy> select(URI uri) {
            if (throwing) {
                throw boom();
            }
            return java.util.Arrays.asList((Proxy) null);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }

    private static final class Cookies extends CookieHandler {
        private final boolean getThrows;

        Cookies(boolean getThrows) {
            this.getThrows = getThrows;
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            if (getThrows) {
                throw boom();
            }
            return Map.of();
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) {
            throw boom();
        }
    }

    private record Throwing(UserCode when) implements ExtensionProvider, NegotiatedExtension {
        @Override
        public String name() {
            return "boom";
        }

        @Override
        public List<ExtensionOffer> offers() {
            if (when == UserCode.EXTENSION_OFFERS) {
                throw boom();
            }
            return List.of(ExtensionOffer.of("boom"));
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return this;
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            if (when == UserCode.EXTENSION_CONFIRMS) {
                throw boom();
            }
            return this;
        }

        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("boom");
        }

        @Override
        public int rsv() {
            return 0;
        }

        @Override
        public Extension open(dev.tenon.ws.extension.ExtensionContext context) {
            throw boom();
        }
    }

    private static ConnectRequest request(UserCode userCode, Peer server) {
        ConnectRequest request = ConnectRequest.to("ws://localhost:" + server.port() + "/" + userCode);
        return switch (userCode) {
            case TAP_SENDS, TAP_RECEIVES ->
                request.withTap(new WireTap() {
                    @Override
                    public void sent(ByteBuffer bytes) {
                        if (userCode == UserCode.TAP_SENDS) {
                            throw boom();
                        }
                    }

                    @Override
                    public void received(ByteBuffer bytes) {
                        throw boom();
                    }
                });
            default -> request;
        };
    }

    private static WebSocketListener listener(UserCode userCode) {
        return new WebSocketListener() {
            @Override
            public long initialDemand() {
                if (userCode == UserCode.INITIAL_DEMAND) {
                    throw boom();
                }
                return Long.MAX_VALUE;
            }
        };
    }

    private static Peer server() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            String head = peer[0].head(socket);
            if (head.contains("AUTH")) {
                Peer.say(socket, Peer.response(401, "WWW-Authenticate: Basic"));
            } else if (head.contains("REDIRECT")) {
                Peer.say(socket, Peer.response(302, "Location: /elsewhere"));
            } else {
                String extension = Peer.has(head, "Sec-WebSocket-Extensions") && head.contains("boom")
                        ? "Sec-WebSocket-Extensions: boom\r\n"
                        : "";
                Peer.greet(socket, head, extension);
            }
        });
        return peer[0];
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionFailsTheFutureAndClosesTheLink(UserCode userCode) throws Exception {
        try (Peer server = server();
                WebSocketClient client = builder(userCode).build()) {
            CompletableFuture<WebSocket> first = client.connect(request(userCode, server), listener(userCode));
            assertThrows(ExecutionException.class, () -> first.get(20, TimeUnit.SECONDS)); // all classes are loaded now
            long before = OpenResources.descriptors();
            CompletableFuture<WebSocket> connecting = client.connect(request(userCode, server), listener(userCode));
            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> connecting.get(20, TimeUnit.SECONDS));
            if (userCode.name().startsWith("RESOLVER")) { // as the documentation of connect says
                assertTrue(failure.getCause() instanceof IOException, failure.toString());
            }
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            assertEquals(
                    userCode.name().contains("GIVES_NULL") ? NullPointerException.class : Boom.class, root.getClass());
            OpenResources.awaitDescriptors(before);
            assertEquals(0, LinkOpener.HOSTS.keys());
            assertEquals(0, client.context().connecting().keys());
            client.close(Duration.ofMinutes(1)); // would wait for remaining connections
        }
    }

    @Test
    void aListenerThatIsNullFailsTheFutureBeforeAnythingIsDialled() throws Exception {
        try (Peer server = server();
                WebSocketClient client = WebSocketClient.builder().proxy(null).build()) {
            @SuppressWarnings("NullAway") // the test passes null on purpose
            CompletableFuture<WebSocket> connecting = client.connect(server.uri(), null);
            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> connecting.get(20, TimeUnit.SECONDS));
            assertTrue(failure.getCause() instanceof NullPointerException, failure.toString());
            assertEquals(0, server.accepted());
        }
    }

    /** The caller may complete the future in any way, which ends the connect. */
    @Test
    void aFutureThatTheCallerCompletesCancelsTheConnect() throws Exception {
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                WebSocketClient client = WebSocketClient.builder().proxy(null).build()) {
            String uri = "ws://127.0.0.1:" + silence.port() + "/";
            CompletableFuture<WebSocket> late = client.connect(uri, new Chat()).orTimeout(10, TimeUnit.MILLISECONDS);
            assertThrows(ExecutionException.class, () -> late.get(20, TimeUnit.SECONDS));
            CompletableFuture<WebSocket> cancelled = client.connect(uri, new Chat());
            assertTrue(cancelled.cancel(false));
            OpenResources.await("its permit is not released", () -> LinkOpener.HOSTS.keys() == 0);
            client.close(Duration.ofMinutes(1));
        }
    }

    @Test
    void deadlinesMayBeForEver() throws Exception {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> peer[0].greet(socket));
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .resolver(
                                host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")))
                        .timeout(longest)
                        .resolveTimeout(longest)
                        .connectTimeout(longest)
                        .handshakeTimeout(longest)
                        .handlerTimeout(longest)
                        .stagger(longest)
                        .build()) {
            peer[0] = server;
            Chat.greeted(client, "ws://name.test:" + server.port() + "/").close();
            client.close(longest);
        }
    }
}
