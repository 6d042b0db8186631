package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates in PEM files. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PemTest {
    @TempDir
    static Path keys;

    private static TestKey one;
    private static TestKey other;
    /** Its name is that of the other key, so that a client presents it. */
    private static TestKey impostor;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        one = TestKey.make(keys, "one.example");
        other = TestKey.make(keys, "other.example");
        impostor = TestKey.make(keys, "other.example");
    }

    private static String block(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    private static String certificate(TestKey key) throws Exception {
        return block("CERTIFICATE", key.certificate().getEncoded());
    }

    private static String pkcs8(TestKey key) throws Exception {
        return block("PRIVATE KEY", key.privateKey().getEncoded());
    }

    /** Returns the key inside the PKCS#8 structure: the octet string that is the last of its three or four values. */
    private static String unwrapped(TestKey key) throws Exception {
        byte[] der = key.privateKey().getEncoded();
        boolean rsa = key.privateKey().getAlgorithm().equals("RSA");
        for (int i = 4; i < der.length; i++) { // an octet string that contains a sequence and ends where the input ends
            int header = (der[i + 1] & 0xFF) < 0x80 ? 2 : 2 + (der[i + 1] & 0x7F);
            if (der[i] == 4 && i + header < der.length && der[i + header] == 0x30) {
                return block(
                        rsa ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", Arrays.copyOfRange(der, i + header, der.length));
            }
        }
        throw new AssertionError("no PKCS#8");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerUsesTlsWithPemFiles(boolean wrapped) throws Exception {
        Path certificates = file("cert.pem", "Subject: one\n" + certificate(one));
        Path key = file("key.pem", wrapped ? pkcs8(one) : unwrapped(one));
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                ServerTls.pem(certificates, key))
                        .get("/health", request -> HttpResponse.text(200, "ok\n"))
                        .start();
                SSLSocket socket = (SSLSocket)
                        TestKey.withoutKey(one).getSocketFactory().createSocket("127.0.0.1", server.port());
                RawClient client = new RawClient(socket)) {
            client.send("GET /health HTTP/1.0\r\n\r\n");
            assertTrue(client.rest().endsWith("ok\n"));
        }
    }

    @Test
    void oneFileMayHoldCertificateAndKey() throws Exception {
        Path both = file("both.pem", pkcs8(one) + certificate(one));
        assertTrue(ServerTls.pem(both, both).engine("") != null);
    }

    private ServerTls tls() throws Exception {
        Path both = file("both.pem", pkcs8(one) + certificate(one));
        return ServerTls.pem(both, both);
    }

    /** Returns the response to a client with a key, or an empty text if the server ends the connection instead. */
    private static String ask(WebSocketServer server, SSLContext client) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.port());
                RawClient raw = new RawClient(socket)) {
            raw.send("GET /who HTTP/1.0\r\n\r\n");
            String response = raw.rest();
            return response.substring(response.indexOf("\r\n\r\n") + 4);
        } catch (SSLException | SocketException refused) {
            return "";
        }
    }

    /** The JDK's own authorities, which sign the keys of anyone, must not let clients in. */
    @Test
    void clientCertificatesNeedAuthorities() throws Exception {
        for (Executable call : List.<Executable>of(
                () -> tls().requiringClientCertificates(), () -> tls().wantingClientCertificates())) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, call);
            assertTrue(String.valueOf(refused.getMessage()).contains("ClientCertificates(authorities)"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, other, CN=other.example",
        "true, impostor, ''",
        "true, , ''",
        "false, other, CN=other.example",
        "false, impostor, ''",
        "false, , nobody"
    })
    void onlyTheAuthoritiesOfThePemFileAreTrusted(boolean required, @Nullable String shown, String seen)
            throws Exception {
        Path authorities = file("ca.pem", certificate(other));
        ServerTls tls = required
                ? tls().requiringClientCertificates(authorities)
                : tls().wantingClientCertificates(authorities);
        SSLContext client =
                shown == null ? TestKey.withoutKey(one) : (shown.equals("other") ? other : impostor).trusting(one);
        try (WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls)
                .get("/who", request -> HttpResponse.text(200, describe(request.client())))
                .start()) {
            assertEquals(seen, ask(server, client));
        }
    }

    private static String describe(Client client) {
        return client.certificates().isEmpty()
                ? "nobody"
                : client.certificates().get(0).getSubjectX500Principal().getName();
    }

    @Test
    void theAuthoritiesOfAContextAreItsOwn() throws Exception {
        Path authorities = file("ca.pem", certificate(other));
        ServerTls ofContext = ServerTls.of(one.trusting(other));
        assertThrows(IllegalStateException.class, () -> ofContext.requiringClientCertificates(authorities));
        assertThrows(IOException.class, () -> tls().requiringClientCertificates(folder.resolve("none.pem")));
    }
}
