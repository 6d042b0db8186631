package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code wss:} against the JDK's TLS server, with certificates of each kind. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
    private static Keys keys;

    private final List<String> names = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void make(@TempDir Path directory) throws Exception {
        keys = Keys.in(directory);
    }

    private Peer server(String alias, String... protocols) throws Exception {
        return server(alias, false, protocols);
    }

    private Peer server(String alias, boolean wantsClient, String... protocols) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) keys.context(alias)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(wantsClient);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        Peer[] peer = new Peer[1];
        peer[0] = Peer.on(socket, accepted -> {
            SSLSocket secure = (SSLSocket) accepted;
            secure.startHandshake();
            names.add(String.valueOf(((ExtendedSSLSession) secure.getSession()).getRequestedServerNames()));
            peer[0].greet(secure);
        });
        return peer[0];
    }

    private static WebSocketClient.Builder client() throws Exception {
        return WebSocketClient.builder()
                .proxy(null)
                .resolver(host -> List.of(InetAddress.getByName("127.0.0.1")))
                .tls(keys.context(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTrustedCertificateForTheHostWillDo(String protocol) throws Exception {
        try (Peer server = server("good", protocol);
                WebSocketClient client = client().build()) {
            greeted(client, "wss://localhost:" + server.port() + "/").close();
            greeted(client, "wss://127.0.0.1:" + server.port() + "/").close();
            assertEquals(2, names.size());
            assertTrue(names.get(0).contains("host_name (0)") && names.get(0).contains("localhost"), names.get(0));
            assertEquals("[]", names.get(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "expired, the server's certificate has expired",
        "future, the server's certificate is not valid yet",
        "elsewhere, the server's certificate is for another host",
        "foreign, the server's certificate is not trusted",
        "untrusted, the server's certificate is not trusted"
    })
    void aFailureNamesItsReason(String alias, String reason) throws Exception {
        try (Peer server = server(alias);
                WebSocketClient client = client().build()) {
            for (String host : List.of("localhost", "127.0.0.1")) {
                SSLException failure = failure(
                        SSLException.class, client.connect("wss://" + host + ":" + server.port() + "/", new Chat()));
                String expected = "TLS with " + host + ":" + server.port() + " has failed: " + reason;
                assertTrue(String.valueOf(failure.getMessage()).startsWith(expected), failure.getMessage());
                assertTrue(failure.getCause() instanceof SSLException);
            }
            assertEquals(0, server.heads.size());
        }
    }

    /** Trusts every certificate. It is an extended trust manager, so the platform does not check the host name. */
    private static final class TrustAnyone extends X509ExtendedTrustManager {
        static SSLContext context() throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAnyone()}, null);
            return context;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void theHostIsCheckedWithAnyTrustManagerUnlessTheParametersDisableIt() throws Exception {
        ClientTls anyone = ClientTls.of(TrustAnyone.context());
        try (Peer elsewhere = server("elsewhere");
                Peer untrusted = server("untrusted");
                WebSocketClient client = client().tls(anyone).build()) {
            greeted(client, "wss://localhost:" + untrusted.port() + "/").close();
            greeted(client, "wss://127.0.0.1:" + untrusted.port() + "/").close();
            for (String host : List.of("localhost", "127.0.0.1")) {
                ConnectRequest request = ConnectRequest.to("wss://" + host + ":" + elsewhere.port() + "/");
                SSLException failure = failure(SSLException.class, client.connect(request, new Chat()));
                assertTrue(
                        String.valueOf(failure.getMessage())
                                .endsWith("the server's certificate is for another host than " + host),
                        failure.getMessage());
                greeted(
                                client,
                                request.with(options -> options.tls(anyone.withParameters(
                                        parameters -> parameters.setEndpointIdentificationAlgorithm(null)))))
                        .close();
            }
            assertEquals(2, elsewhere.heads.size());
        }
    }

    @Test
    void parametersAndPinsAreOfOneConnect() throws Exception {
        AtomicReference<String> spoken = new AtomicReference<>();
        ClientTls tls = ClientTls.of(keys.context(""));
        try (Peer server = server("good");
                WebSocketClient client = client().build()) {
            ConnectRequest request = ConnectRequest.to("wss://localhost:" + server.port() + "/");
            ClientTls old = tls.withParameters(parameters -> parameters.setProtocols(new String[] {"TLSv1.2"}))
                    .withVerifier((host, session) -> spoken.set(host + " " + session.getProtocol()));
            greeted(client, request.with(options -> options.tls(old))).close();
            assertEquals("localhost TLSv1.2", spoken.get());
            ClientTls pinned = tls.withVerifier((host, session) -> {
                throw new SSLException("the key of " + host + " is not pinned");
            });
            SSLException failure = failure(
                    SSLException.class, client.connect(request.with(options -> options.tls(pinned)), new Chat()));
            assertTrue(
                    String.valueOf(failure.getMessage()).endsWith("the key of localhost is not pinned"),
                    failure.getMessage());
            assertEquals(1, server.heads.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "EC PRIVATE KEY"})
    void trustAndKeyComeFromPem(String form, @TempDir Path directory) throws Exception {
        Path authority = Files.writeString(directory.resolve("ca.pem"), keys.pem("authority", "PRIVATE KEY"));
        Path own = Files.writeString(directory.resolve("own.pem"), keys.pem("good", form));
        Path other = Files.writeString(directory.resolve("other.pem"), keys.pem("elsewhere", form));
        try (Peer open = server("good");
                Peer guarded = server("good", true);
                WebSocketClient client = client().build()) {
            ConnectRequest trusting = ConnectRequest.to("wss://localhost:" + open.port() + "/")
                    .with(options -> options.tls(pem(authority)));
            greeted(client, trusting).close();
            ClientTls both = ClientTls.pem(authority, own, own);
            greeted(
                            client,
                            ConnectRequest.to("wss://localhost:" + guarded.port() + "/")
                                    .with(options -> options.tls(both)))
                    .close();
            IOException mixed = assertThrows(IOException.class, () -> ClientTls.pem(authority, own, other));
            assertTrue(String.valueOf(mixed.getMessage()).contains("is not that of the first certificate"));
        }
    }

    @Test
    void trustInPemFollowsItsFile(@TempDir Path directory) throws Exception {
        String untrusted = keys.pem("elsewhere", "PRIVATE KEY").split("(?<=-----END CERTIFICATE-----)", 2)[0];
        Path authority = Files.writeString(directory.resolve("ca.pem"), untrusted);
        try (Peer server = server("good");
                WebSocketClient client = client().tls(pem(authority)).build()) {
            String uri = "wss://localhost:" + server.port() + "/";
            assertThrows(
                    CompletionException.class,
                    () -> client.connect(uri, new WebSocketListener() {}).join());
            Files.writeString(authority, keys.pem("authority", "PRIVATE KEY"));
            CompletableFuture<WebSocket> connected;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            do { // the client checks the file once a second
                connected = client.connect(uri, new WebSocketListener() {});
            } while (connected.handle((open, failure) -> failure != null).join() && System.nanoTime() < end);
            connected.join().close();
        }
    }

    private static ClientTls pem(Path trusted) {
        try {
            return ClientTls.pem(trusted);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', holds no certificate",
        "-----BEGIN CERTIFICATE-----|AAAA|-----END CERTIFICATE-----, a certificate is malformed",
        "-----BEGIN PRIVATE KEY-----|AAAA|-----END PRIVATE KEY-----, holds no certificate"
    })
    void pemThatCannotBeUsedIsReportedWithTheReason(String text, String reason, @TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("x.pem"), text.replace("|", "\n"));
        IOException failure = assertThrows(IOException.class, () -> ClientTls.pem(file));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("x.pem") && message.contains(reason), message);
    }

    /** A load balancer that restarts is a temporary failure; an untrusted certificate is not. */
    @Test
    void aConnectionThatIsLostWithinTheTlsHandshakeIsTransient() throws Exception {
        try (Peer server = Peer.start(socket -> {
                    int unused = socket.getInputStream().read();
                    socket.setSoLinger(true, 0);
                });
                Peer gone = Peer.start(socket -> {
                    int unused = socket.getInputStream().read(new byte[8192]);
                });
                WebSocketClient client = client().build()) {
            for (Peer peer : List.of(server, gone)) {
                IOException lost =
                        failure(IOException.class, client.connect("wss://localhost:" + peer.port() + "/", new Chat()));
                assertTrue(new Disconnect(null, lost, 1).isTransient(), lost.toString());
            }
        }
    }

    @Test
    void trustedCertificatesAreLoadedOnce() throws Exception {
        try (Peer server = server("foreign");
                WebSocketClient client = client().build()) {
            ConnectRequest request = ConnectRequest.to("wss://localhost:" + server.port() + "/");
            ReconnectingWebSocket reconnecting =
                    ReconnectingWebSocket.start(client, request, ReconnectPolicy.DEFAULT, new ReconnectListener() {});
            Disconnect disconnect = Chat.get(reconnecting.whenEnded().toCompletableFuture());
            assertTrue(disconnect.cause() instanceof SSLException);
            assertEquals(1, server.accepted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatRequiresAClientCertificateRefusesOthers(String protocol) throws Exception {
        try (Peer server = server("good", true, protocol);
                WebSocketClient without = client().build();
                WebSocketClient with = client().tls(keys.context("good")).build()) {
            String uri = "wss://localhost:" + server.port() + "/";
            greeted(with, uri).close();
            SSLException refused = failure(SSLException.class, without.connect(uri, new Chat()));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("the server has refused the handshake: "),
                    refused.getMessage());
        }
    }

    @Test
    void aServerWithoutTlsFailsTheTlsHandshake() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    Peer.say(socket, "220 smtp ready\r\n");
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                WebSocketClient client = client().build()) {
            peer[0] = server;
            SSLException failure =
                    failure(SSLException.class, client.connect("wss://localhost:" + server.port() + "/", new Chat()));
            assertTrue(String.valueOf(failure.getMessage()).startsWith("TLS with localhost:"), failure.getMessage());
        }
    }

    @Test
    void wssWorksInsideTheTunnelOfEachKindOfProxy() throws Exception {
        ProxyPeer.SocksLog socks = new ProxyPeer.SocksLog("", 0);
        try (Peer server = server("good");
                Peer http = ProxyPeer.http(head -> "");
                Peer gate = socks.peer;
                WebSocketClient byHttp = client().proxy(
                                new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(Proxy.Type.HTTP, http.port())))
                        .build();
                WebSocketClient bySocks = client().proxy(
                                new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(Proxy.Type.SOCKS, gate.port())))
                        .build()) {
            greeted(byHttp, "wss://localhost:" + server.port() + "/").close();
            greeted(bySocks, "wss://localhost:" + server.port() + "/").close();
            assertEquals(1, http.heads.size());
            assertEquals(List.of("name localhost " + server.port()), socks.seen);
            assertEquals(2, server.heads.size());
            assertTrue(names.get(1).contains("localhost"));
        }
    }

    @Test
    void theNextAddressIsTriedWithTlsToo() throws Exception {
        List<InetAddress> addresses = List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1"));
        try (Peer server = server("good");
                WebSocketClient client = client().resolver(host -> addresses).build()) {
            greeted(client, "wss://localhost:" + server.port() + "/").close();
            assertEquals(1, names.size(), "TLS handshakes");
        }
    }

    @Test
    void wssIsNeverLeftForWs() throws Exception {
        try (Peer plain = Peer.start(socket -> {});
                Peer server = redirecting("ws://127.0.0.1:" + plain.port() + "/");
                WebSocketClient client = client().redirects(5).build()) {
            dev.tenon.ws.handshake.HandshakeException refusal = failure(
                    dev.tenon.ws.handshake.HandshakeException.class,
                    client.connect("wss://localhost:" + server.port() + "/", new Chat()));
            assertEquals("the server redirects from wss to ws, which is not followed", refusal.getMessage());
            assertEquals(302, refusal.status());
            assertEquals(0, plain.accepted());
        }
    }

    private static Peer redirecting(String location) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) keys.context("good")
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Peer[] peer = new Peer[1];
        peer[0] = Peer.on(socket, accepted -> {
            peer[0].head(accepted);
            Peer.say(accepted, Peer.response(302, "Location: " + location));
        });
        return peer[0];
    }
}
