package dev.tenon.ws.conformance.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract between Tenon's client and a forward proxy of another project, in front of Tenon's server. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ForwardProxyContract {
    static final String USER = "mufasa";
    static final String PASSWORD = "circle-of-life";

    private static @Nullable Certificate certificate;

    @TempDir
    @Nullable
    Path folder;

    private final BlockingQueue<Headers> connectHeaders = new LinkedBlockingQueue<>();
    private @Nullable WebSocketServer plain;
    private @Nullable WebSocketServer secure;

    @BeforeAll
    static void makeCertificate(@TempDir Path keys) throws Exception {
        certificate = Certificate.make(keys);
    }

    abstract Proxy.Type type();

    /** Starts the proxy, with or without a required user and password. */
    abstract Program start(Path folder, int port, boolean locked) throws Exception;

    @BeforeEach
    void startServers() throws Exception {
        plain = server().listen(loopback()).start();
        secure = server().listen(loopback(), ServerTls.of(certificate().context()))
                .start();
    }

    private static Certificate certificate() {
        if (certificate == null) {
            throw new IllegalStateException("no certificate");
        }
        return certificate;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private WebSocketServerBuilder server() {
        return WebSocketServer.builder().loops(1).route("/ws", upgrade -> {
            connectHeaders.add(upgrade.headers());
            return upgrade.accept(new Echo());
        });
    }

    @AfterEach
    void stopServers() {
        for (WebSocketServer server : new WebSocketServer[] {plain, secure}) {
            if (server != null) {
                server.stop(Duration.ofSeconds(1));
            }
        }
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    }

    private WebSocketClient.Builder client(int port) throws Exception {
        Proxy proxy = new Proxy(type(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return WebSocketClient.builder()
                .tls(certificate().context())
                .resolver(host -> {
                    throw new UnknownHostException(host + " was looked up on this side");
                })
                .proxy(new ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        return List.of(proxy);
                    }

                    @Override
                    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                });
    }

    private String uri(String scheme, String host) {
        WebSocketServer server = scheme.equals("wss") ? secure : plain;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return scheme + "://" + host + ":" + server.port() + "/ws";
    }

    private static void echoes(WebSocketClient client, String uri) throws Exception {
        OwnConnection connection = new OwnConnection(client, ConnectRequest.to(uri));
        connection.checkEchoes();
        connection.checkClose(1000, "");
    }

    private Path folder() {
        if (folder == null) {
            throw new IllegalStateException("no folder");
        }
        return folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void itIsPassedThrough(String scheme) throws Exception {
        int port = Program.freePort();
        try (Program running = start(folder(), port, false);
                WebSocketClient client = client(port).build()) {
            assertEquals(true, running.isAlive());
            echoes(client, uri(scheme, "127.0.0.1"));
            echoes(client, uri("ws", "localhost"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void credentialsOpenTheTunnelAndAreNotSentToTheServer(String scheme) throws Exception {
        int port = Program.freePort();
        try (Program running = start(folder(), port, true);
                WebSocketClient client =
                        client(port).authenticator(user(PASSWORD)).build()) {
            assertEquals(true, running.isAlive());
            echoes(client, uri(scheme, "127.0.0.1"));
            echoes(client, uri(scheme, "127.0.0.1"));
            assertEquals(2, connectHeaders.size());
            for (Headers headers : connectHeaders) {
                assertNull(headers.first("Proxy-Authorization"));
                assertNull(headers.first("Authorization"));
            }
        }
    }

    @Test
    void withoutCredentialsOrWithWrongOnesItIsAProxysRefusal() throws Exception {
        int port = Program.freePort();
        try (Program running = start(folder(), port, true);
                WebSocketClient without = client(port).build();
                WebSocketClient wrong =
                        client(port).authenticator(user("wrong")).build()) {
            assertEquals(true, running.isAlive());
            assertEquals(type() == Proxy.Type.HTTP ? 407 : 0, refusal(without).status());
            assertEquals(statusForAWrongPassword(), refusal(wrong).status());
            assertEquals(0, connectHeaders.size());
        }
    }

    private ProxyException refusal(WebSocketClient client) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> echoes(client, uri("ws", "127.0.0.1")));
        return assertInstanceOf(ProxyException.class, failed.getCause());
    }

    int statusForAWrongPassword() {
        return type() == Proxy.Type.HTTP ? 407 : 0;
    }

    private static Authenticator user(String password) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(USER, password.toCharArray());
            }
        };
    }
}
