package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as the JDK's own client sees it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTlsTest {
    private static TestKey one;
    private static TestKey other;
    /** Its name is that of the other key, so that a client presents it. */
    private static TestKey otherKeyOfTheSameName;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        one = TestKey.make(folder, "one.example");
        other = TestKey.make(folder, "other.example");
        otherKeyOfTheSameName = TestKey.make(folder, "other.example");
    }

    private static String describe(Client client) {
        String who = client.certificates().isEmpty()
                ? "nobody"
                : client.certificates().get(0).getSubjectX500Principal().getName();
        return (client.secure() ? "secure " : "plain ") + client.serverName() + " " + who;
    }

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .extensions(Extensions.none())
                .loops(1)
                .hosts("localhost", "*.example")
                .http(request -> HttpResponse.text(200, describe(request.client())))
                .route("/ws", upgrade -> upgrade.accept(new Echo()));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static SSLSocket connect(WebSocketServer server, SSLContext context, @Nullable String host)
            throws IOException {
        return connect(new Socket(), server, context, host);
    }

    private static SSLSocket connect(Socket raw, WebSocketServer server, SSLContext context, @Nullable String host)
            throws IOException {
        raw.connect(server.addresses().get(0));
        raw.setTcpNoDelay(true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "127.0.0.1", 0, true);
        if (host != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Returns the host name of the TLS handshake, which a browser would also send in its requests. */
    private static String hostOf(SSLSocket socket) {
        List<SNIServerName> names = socket.getSSLParameters().getServerNames();
        return names == null || names.isEmpty() ? "127.0.0.1" : ((SNIHostName) names.get(0)).getAsciiName();
    }

    /** Returns the server's answer to a client, or the reason for the end. */
    private static String ask(SSLSocket socket) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: " + hostOf(socket) + "\r\nConnection: close\r\n\r\n");
            String answer = client.rest();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientsKnowNoMoreThanTheyNeed(String protocol) throws Exception {
        try (WebSocketServer server = builder()
                        .listen(anyPort(), ServerTls.of(one.trusting()))
                        .start();
                SSLSocket socket = connect(server, TestKey.withoutKey(one), null)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertEquals("http/1.1", socket.getApplicationProtocol());
            assertEquals("secure null nobody", ask(socket));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "none, none, nobody",
        "none, known, nobody",
        "none, impostor, nobody",
        "wanted, none, nobody",
        "wanted, known, CN=other.example",
        "wanted, impostor, refused",
        "required, none, refused",
        "required, known, CN=other.example",
        "required, impostor, refused",
    })
    void clientCertificates(String policy, String shown, String seen) throws Exception {
        ServerTls tls = ServerTls.of(one.trusting(other));
        tls = switch (policy) {
            case "wanted" -> tls.wantingClientCertificates();
            case "required" -> tls.requiringClientCertificates();
            default -> tls;
        };
        SSLContext context = switch (shown) {
            case "known" -> other.trusting(one);
            case "impostor" -> otherKeyOfTheSameName.trusting(one);
            default -> TestKey.withoutKey(one);
        };
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (WebSocketServer server = builder().listen(anyPort(), tls).start();
                    SSLSocket socket = connect(server, context, null)) {
                socket.setEnabledProtocols(new String[] {protocol});
                if (seen.equals("refused")) {
                    assertThrows(IOException.class, () -> ask(socket));
                } else {
                    assertEquals("secure null " + seen, ask(socket));
                }
            }
        }
    }

    @Test
    void endpointsSeeTheCertificateToo() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        try (WebSocketServer server = builder()
                        .route("/who", upgrade -> {
                            assertEquals(upgrade.upgradeRequest().peer(), upgrade.remoteAddress());
                            assertEquals(upgrade.client().session(), upgrade.tlsSession());
                            seen.set(describe(upgrade.client()));
                            return upgrade.accept(new Echo());
                        })
                        .listen(anyPort(), ServerTls.of(one.trusting(other)).requiringClientCertificates())
                        .start();
                RawClient client = new RawClient(connect(server, other.trusting(one), "one.example"))) {
            client.send(RawClient.upgrade("/who", ""));
            assertTrue(client.head().startsWith("HTTP/1.1 101 "));
            assertEquals("secure one.example CN=other.example", seen.get());
        }
    }

    private static ServerTls byHost() throws Exception {
        Map<String, SSLContext> contexts =
                Map.of("one.example", one.trusting(), "other.example", other.trusting(), "", one.trusting());
        return ServerTls.byHost(contexts::get);
    }

    /** A socket that passes each byte to the network separately. */
    private static final class ByteByByteSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()); // FilterOutputStream writes byte by byte
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRequestedHostSelectsTheContext(boolean dribbling) throws Exception {
        try (WebSocketServer server = builder().listen(anyPort(), byHost()).start()) {
            for (TestKey key : List.of(one, other)) {
                String host = key.equals(one) ? "one.example" : "other.example";
                for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                    for (String written : List.of(host, host.toUpperCase(Locale.ROOT))) {
                        Socket raw = dribbling ? new ByteByByteSocket() : new Socket();
                        SSLSocket socket = connect(raw, server, TestKey.withoutKey(key), written);
                        socket.setEnabledProtocols(new String[] {protocol});
                        assertEquals("secure " + host + " nobody", ask(socket).toLowerCase(Locale.ROOT));
                    }
                }
            }
            assertEquals("secure null nobody", ask(connect(server, TestKey.withoutKey(one), null)));
            SSLException refused = assertThrows(
                    SSLException.class, () -> ask(connect(server, TestKey.withoutKey(one), "third.example")));
            assertTrue(String.valueOf(refused.getMessage()).contains("unrecognized_name"), refused::toString);
        }
    }

    /** Whatever the ClientHello contains, no other context is used for that name. */
    @Test
    void theContextOfOneHostIsNotTakenForAnothers() throws Exception {
        SSLEngine server = Objects.requireNonNull(byHost().engine("one.example"));
        SSLEngine client = TestKey.withoutKey(one).createSSLEngine("other.example", 443);
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("other.example")));
        client.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        client.wrap(ByteBuffer.allocate(0), hello);
        SSLException refused = assertThrows(SSLException.class, () -> {
            ByteBuffer plain = ByteBuffer.allocate(20_000);
            server.unwrap(hello.flip(), plain);
            for (Runnable task; (task = server.getDelegatedTask()) != null; ) {
                task.run();
            }
            server.wrap(ByteBuffer.allocate(0), plain);
        });
        assertTrue(String.valueOf(refused.getMessage()).contains("nrecognized server name"), refused::toString);
    }

    /** A socket that passes bytes written in pieces to the network at once. */
    private static final class CoalescingSocket extends Socket {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean holds;

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream out = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (holds) {
                        held.write(bytes, from, length);
                    } else {
                        out.write(bytes, from, length);
                    }
                }
            };
        }

        @Override
        public void shutdownOutput() {} // TLS has sent its close_notify already

        void release() throws IOException {
            super.getOutputStream().write(held.toByteArray());
        }
    }

    /** A client that sends its request and its end at once gets the response. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRequestThatEndsTheClientsDirectionGetsAResponse(String protocol) throws Exception {
        CoalescingSocket raw = new CoalescingSocket();
        try (WebSocketServer server = builder()
                        .listen(anyPort(), ServerTls.of(one.trusting()))
                        .start();
                SSLSocket socket = connect(raw, server, TestKey.withoutKey(one), null);
                RawClient client = new RawClient(socket)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            raw.holds = true;
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            socket.shutdownOutput();
            raw.release();
            assertTrue(client.head().startsWith("HTTP/1.1 200 "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newConnectionsGetTheNewKeyAndOpenOnesGoOn(boolean byHost) throws Exception {
        AtomicReference<SSLContext> newest = new AtomicReference<>(one.trusting());
        ServerTls tls = byHost ? ServerTls.byHost(host -> newest.get()) : ServerTls.of(newest::get);
        SSLContext both = TestKey.withoutKey(one, other);
        try (WebSocketServer server = builder().listen(anyPort(), tls).start();
                SSLSocket before = connect(server, both, null);
                RawClient old = new RawClient(before)) {
            old.send(RawClient.upgrade("/ws", ""));
            assertTrue(old.head().startsWith("HTTP/1.1 101 "));
            newest.set(other.trusting());
            SSLSocket socket = connect(server, both, null);
            socket.startHandshake();
            assertEquals(List.of(other.certificate()), List.of(peerCertificates(socket)));
            assertEquals("secure null nobody", ask(socket));
            assertEquals(List.of(one.certificate()), List.of(peerCertificates(before)));
            old.send(Frame.text("still here"));
            assertEquals(Frame.text("still here"), old.frame());
        }
    }

    private static Certificate[] peerCertificates(SSLSocket socket) throws SSLException {
        return socket.getSession().getPeerCertificates();
    }

    @Test
    void withoutAContextTheConnectionIsRefusedAndNeverPlain() throws Exception {
        AtomicReference<SSLContext> none = new AtomicReference<>();
        try (WebSocketServer server = builder()
                        .listen(anyPort(), ServerTls.of(none::get))
                        .listen(anyPort(), ServerTls.byHost(host -> {
                            throw new IllegalStateException("deliberate: a test wants to see this");
                        }))
                        .start();
                RawClient plain = new RawClient(server)) {
            assertEquals("", plain.rest());
            Socket second = new Socket();
            second.connect(server.addresses().get(1));
            try (RawClient client = new RawClient(second)) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertEquals("", restOrReset(client));
            }
        }
    }

    private static String restOrReset(RawClient client) throws IOException {
        try {
            return client.rest();
        } catch (SocketException reset) {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aPeerThatStallsInTheTlsHandshakeIsDisconnected(boolean byHost, boolean afterTheFirstBytes) throws Exception {
        ServerTls tls = byHost ? byHost() : ServerTls.of(one.trusting());
        try (WebSocketServer server = builder()
                        .listen(anyPort(), tls)
                        .handshakeTimeout(Duration.ofMillis(300))
                        .start();
                RawClient client = new RawClient(server)) {
            if (afterTheFirstBytes) {
                client.socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, 100});
            }
            assertFalse(client.rest().startsWith("HTTP"));
        }
    }

    @Test
    void theHandshakeTimeoutCoversTlsAndHttp() throws Exception {
        try (WebSocketServer server = builder()
                        .listen(anyPort(), ServerTls.of(one.trusting()))
                        .handshakeTimeout(Duration.ofSeconds(2))
                        .start();
                RawClient client = new RawClient(connect(server, TestKey.withoutKey(one), null))) {
            client.send("GET / HT");
            assertTrue(client.rest().startsWith("HTTP/1.1 408 "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void plainHttpOnATlsPortGetsNothing(boolean byHost) throws Exception {
        ServerTls tls = byHost ? byHost() : ServerTls.of(one.trusting());
        try (WebSocketServer server = builder().listen(anyPort(), tls).start();
                RawClient client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            byte[] answer = client.in.readAllBytes();
            assertTrue(answer.length == 0 || answer[0] == 21, () -> new String(answer, ISO_8859_1));
        }
    }

    @Test
    void eachListenerHasItsOwnTlsOrNone() throws Exception {
        try (WebSocketServer server = builder()
                .listen(anyPort(), ServerTls.of(one.trusting()))
                .listen(anyPort())
                .start()) {
            assertEquals(2, server.addresses().size());
            assertEquals("secure null nobody", ask(connect(server, TestKey.withoutKey(one), null)));
            try (Socket socket = new Socket()) {
                socket.connect(server.addresses().get(1));
                RawClient client = new RawClient(socket);
                client.send("GET / HTTP/1.0\r\n\r\n");
                assertTrue(client.rest().endsWith("plain null nobody"));
            }
        }
    }

    private static String status(SSLSocket socket, String host) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return client.rest().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        }
    }

    /** A client certificate that one host trusts has no meaning for another host. */
    @ParameterizedTest
    @CsvSource({
        "one.example, one.example, 200",
        "one.example, ONE.example:443, 200",
        "one.example, one.example., 200",
        "one.example, other.example, 421",
        "one.example, 127.0.0.1, 421",
        "one.example, nowhere.example, 421",
        ", 127.0.0.1, 200",
        ", other.example, 421",
    })
    void aTlsSessionServesItsOwnHostOnly(@Nullable String requested, String host, String status) throws Exception {
        try (WebSocketServer server = builder().listen(anyPort(), byHost()).start()) {
            assertEquals(status, status(connect(server, TestKey.withoutKey(one), requested), host));
        }
    }

    @Test
    void hostsOfOneContextShareItsSessions() throws Exception {
        SSLContext context = one.trusting();
        try (WebSocketServer server =
                builder().listen(anyPort(), ServerTls.byHost(host -> context)).start()) {
            assertEquals("200", status(connect(server, TestKey.withoutKey(one), "one.example"), "other.example"));
        }
        try (WebSocketServer server =
                builder().listen(anyPort(), ServerTls.of(context)).start()) {
            assertEquals("200", status(connect(server, TestKey.withoutKey(one), "one.example"), "other.example"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastGoodKeyStaysInUseWhileThereIsNoNewOne(boolean byHost) throws Exception {
        AtomicReference<SSLContext> newest = new AtomicReference<>(one.trusting());
        ServerTls tls = byHost
                ? ServerTls.byHost(host -> Objects.requireNonNull(newest.get(), "deliberate: a test wants to see this"))
                        .wantingClientCertificates()
                : ServerTls.of(newest::get);
        SSLContext both = TestKey.withoutKey(one, other);
        try (WebSocketServer server = builder().listen(anyPort(), tls).start()) {
            assertEquals("200", status(connect(server, both, "one.example"), "one.example"));
            newest.set(null);
            assertEquals("200", status(connect(server, both, "one.example"), "one.example"));
            newest.set(other.trusting());
            SSLSocket socket = connect(server, both, "one.example");
            socket.startHandshake();
            assertEquals(List.of(other.certificate()), List.of(peerCertificates(socket)));
            assertEquals("200", status(socket, "one.example"));
        }
    }

    @Test
    void theNumberOfRememberedContextsIsBounded() throws Exception {
        SSLContext context = one.trusting();
        LastGoodContexts contexts = new LastGoodContexts(host -> {
            if (host.endsWith("!")) {
                throw new IllegalStateException("deliberate: a test wants to see this");
            }
            return context;
        });
        for (int i = 0; i < 300; i++) {
            assertTrue(contexts.of("host" + i) != null);
        }
        assertEquals(256, contexts.size());
        assertThrows(IllegalStateException.class, () -> contexts.of("never good!"));
    }
}
