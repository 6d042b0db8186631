package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.sockets.HoldingSocket;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as the JDK's own client sees it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTlsTest extends ServerTlsTestBase {
    private static final String ECDSA_CHACHA = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";

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

    /** The policy of client certificates is not one of them, because it needs a context that trusts only some. */
    @Test
    void theParametersOfConnectionsCanBeChanged() throws Exception {
        ServerTls tls = ServerTls.of(one.trusting())
                .withParameters(parameters -> parameters.setProtocols(new String[] {"TLSv1.2"}))
                .withParameters(parameters -> parameters.setCipherSuites(new String[] {ECDSA_CHACHA}))
                .withParameters(parameters -> parameters.setNeedClientAuth(true));
        try (WebSocketServer server = builder().listen(anyPort(), tls).start();
                SSLSocket socket = connect(server, TestKey.withoutKey(one), null)) {
            socket.startHandshake();
            assertEquals(
                    "TLSv1.2 " + ECDSA_CHACHA,
                    socket.getSession().getProtocol() + " "
                            + socket.getSession().getCipherSuite());
            assertEquals("secure null nobody", ask(socket));
        }
    }

    @Test
    void parametersThatTheJdkRefusesEndConnectionsOnly() throws Exception {
        ServerTls broken = ServerTls.of(one.trusting())
                .withParameters(parameters -> parameters.setCipherSuites(new String[] {"deliberate: no such suite"}));
        try (WebSocketServer server =
                        builder().listen(anyPort(), broken).listen(anyPort()).start();
                Socket plain = new Socket()) {
            assertThrows(IOException.class, () -> ask(connect(server, TestKey.withoutKey(one), null)));
            plain.connect(server.addresses().get(1));
            RawClient client = new RawClient(plain);
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertTrue(client.rest().endsWith("plain null nobody"));
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

    /** A socket whose output TLS ends by its close_notify only. */
    private static final class CoalescingSocket extends HoldingSocket {
        @Override
        public void shutdownOutput() {}
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
            raw.hold();
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            socket.shutdownOutput();
            raw.release();
            assertTrue(client.head().startsWith("HTTP/1.1 200 "));
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
            byte[] response = client.in.readAllBytes();
            assertTrue(response.length == 0 || response[0] == 21, () -> new String(response, ISO_8859_1));
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
}
