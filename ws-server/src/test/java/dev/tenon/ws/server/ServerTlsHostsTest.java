package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.frame.Frame;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers with several TLS contexts: by host name, by listener, and after a change of keys. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTlsHostsTest extends ServerTlsTestBase {
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

    /** Two hosts may have one context, and still another policy of client certificates. */
    @ParameterizedTest
    @CsvSource({
        "one.example, one.example, 200",
        "one.example, alias.example, 200",
        "one.example, other.example, 421",
        "other.example, other.example, refused",
        "third.example, third.example, refused",
        ", 127.0.0.1, refused",
    })
    void eachHostMayHaveSettingsOfItsOwn(@Nullable String requested, String host, String seen) throws Exception {
        SSLContext context = one.trusting(other);
        ServerTls open = ServerTls.of(context);
        ServerTls tls = ServerTls.byHost(Map.of(
                "ONE.example", open, "alias.example", open, "other.example", open.requiringClientCertificates()));
        try (WebSocketServer server = builder().listen(anyPort(), tls).start();
                SSLSocket socket = connect(server, TestKey.withoutKey(one), requested)) {
            if (seen.equals("refused")) {
                assertThrows(IOException.class, () -> ask(socket));
            } else {
                assertEquals(seen, status(socket, host));
            }
        }
    }

    @Test
    void theParametersOfAllHostsFollowThoseOfEach() throws Exception {
        List<String> order = new ArrayList<>();
        ServerTls own = ServerTls.of(one.trusting()).withParameters(parameters -> order.add("own"));
        ServerTls all = ServerTls.byHost(Map.of("", own)).withParameters(parameters -> order.add("all"));
        assertTrue(all.engine("") != null);
        assertEquals(List.of("own", "all"), order);
    }

    @Test
    void settingsOfHostsThatCannotWorkAreRefused() throws Exception {
        ServerTls nested = byHost();
        assertThrows(IllegalArgumentException.class, () -> ServerTls.byHost(Map.of("one.example", nested)));
        assertThrows(IllegalArgumentException.class, () -> ServerTls.byHost(Map.of()));
        ServerTls hosts = ServerTls.byHost(Map.of("one.example", ServerTls.of(one.trusting())));
        assertThrows(IllegalStateException.class, hosts::requiringClientCertificates);
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
