package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates in PEM files. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PemTest {
    @TempDir
    static Path keys;

    private static TestKey one;
    private static TestKey other;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        one = TestKey.make(keys, "one.example");
        other = TestKey.make(keys, "other.example");
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

    /** The key that PKCS#8 wraps: its octet string is the last of its three or four values. */
    private static String unwrapped(TestKey key) throws Exception {
        byte[] der = key.privateKey().getEncoded();
        boolean rsa = key.privateKey().getAlgorithm().equals("RSA");
        for (int i = 4; i < der.length; i++) { // an octet string that holds a sequence and ends where all ends
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
    void aServerSpeaksTlsWithThem(boolean wrapped) throws Exception {
        Path certificates = file("cert.pem", "Subject: one\n" + certificate(one));
        Path key = file("key.pem", wrapped ? pkcs8(one) : unwrapped(one));
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                ServerTls.pem(certificates, key))
                        .get("/health", request -> HttpResponse.text(200, "ok\n"))
                        .start();
                SSLSocket socket =
                        (SSLSocket) TestKey.stranger(one).getSocketFactory().createSocket("127.0.0.1", server.port());
                RawClient client = new RawClient(socket)) {
            client.send("GET /health HTTP/1.0\r\n\r\n");
            assertTrue(client.rest().endsWith("ok\n"));
        }
    }

    @Test
    void bothMayStandInOneFile() throws Exception {
        Path both = file("both.pem", pkcs8(one) + certificate(one));
        assertTrue(ServerTls.pem(both, both).engine("") != null);
    }

    @Test
    void theyAreReadAgainWhenTheyHaveChanged() throws Exception {
        Path certificates = file("cert.pem", certificate(one));
        Path key = file("key.pem", pkcs8(one));
        AtomicLong now = new AtomicLong();
        PemContext pem = new PemContext(certificates, key, now::get);
        SSLContext first = pem.newest();
        file("cert.pem", "# new\n" + certificate(other));
        assertSame(first, pem.newest(), "not looked at that often");
        now.addAndGet(1_000_000_000);
        assertThrows(IllegalArgumentException.class, pem::newest, "the certificate is there, the key is not");
        file("key.pem", "# new\n" + pkcs8(other));
        now.addAndGet(1_000_000_000);
        SSLContext second = pem.newest();
        assertNotSame(first, second);
        now.addAndGet(1_000_000_000);
        assertSame(second, pem.newest(), "unchanged");
        Files.delete(key);
        now.addAndGet(1_000_000_000);
        assertThrows(UncheckedIOException.class, pem::newest);
    }

    @Test
    void whatIsNoKeyIsRefusedWithTheReason() throws Exception {
        Path good = file("cert.pem", certificate(one));
        String encrypted = """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """;
        assertReason("holds no private key", good, file("a", certificate(one)));
        assertReason("holds no private key", good, file("b", ""));
        assertReason("is encrypted", good, file("c", block("ENCRYPTED PRIVATE KEY", new byte[8])));
        assertReason("is encrypted", good, file("d", encrypted));
        assertReason("no private key for the first certificate", good, file("e", block("PRIVATE KEY", new byte[8])));
        assertReason("not the one of the first certificate", good, file("f", pkcs8(other)));
        assertReason("holds no certificate", file("g", pkcs8(one)), file("h", pkcs8(one)));
        assertReason("cannot be read", file("i", block("CERTIFICATE", new byte[8])), file("j", pkcs8(one)));
        assertThrows(NoSuchFileException.class, () -> ServerTls.pem(folder.resolve("none"), good));
    }

    private static void assertReason(String reason, Path certificates, Path key) {
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> ServerTls.pem(certificates, key))
                        .getMessage());
        assertTrue(message.contains(reason), message);
        assertEquals(1, message.lines().count());
    }
}
