package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and certificates in PEM files. */
class PemContextTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    static Path keys;

    private static TestKey one;
    private static TestKey other;

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong();

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

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private SSLContext aSecondLater(PemContext pem) {
        now.addAndGet(SECOND);
        return pem.newest();
    }

    @Test
    void aKeyIsReadAgainWhenBothOfItsFilesHaveChanged() throws Exception {
        Path certificates = file("cert.pem", certificate(one));
        Path key = file("key.pem", pkcs8(one));
        PemContext pem = new PemContext(new PemFiles(null, certificates, key), now::get);
        SSLContext first = pem.newest();
        file("cert.pem", "# new\n" + certificate(other));
        assertSame(first, pem.newest(), "not looked at that often");
        assertSame(first, aSecondLater(pem), "the certificate is there, the key is not");
        file("key.pem", "# new\n" + pkcs8(other));
        SSLContext second = aSecondLater(pem);
        assertNotSame(first, second);
        assertSame(second, aSecondLater(pem), "unchanged");
        Files.delete(key);
        assertSame(second, aSecondLater(pem), "gone");
    }

    @Test
    void trustedCertificatesAreReadAgain() throws Exception {
        Path trusted = file("trusted.pem", certificate(one));
        PemContext pem = new PemContext(new PemFiles(trusted, null, null), now::get);
        SSLContext first = pem.newest();
        file("trusted.pem", "nothing");
        assertSame(first, aSecondLater(pem));
        file("trusted.pem", certificate(one) + certificate(other));
        assertNotSame(first, aSecondLater(pem));
    }

    @Test
    void anInvalidKeyIsRefusedWithTheReason() throws Exception {
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
        assertReason("private key is malformed", good, file("e", block("PRIVATE KEY", new byte[8])));
        assertReason("not that of the first certificate", good, file("f", pkcs8(other)));
        assertReason("holds no certificate", file("g", pkcs8(one)), file("h", pkcs8(one)));
        assertReason("cannot be used", file("i", block("CERTIFICATE", new byte[8])), file("j", pkcs8(one)));
        assertReason(
                "is not base64",
                good,
                file("k", block("PRIVATE KEY", new byte[8]).replace("AA", "=A")));
        assertThrows(NoSuchFileException.class, () -> PemContext.of(new PemFiles(null, folder.resolve("none"), good)));
    }

    private void assertReason(String reason, Path certificates, Path key) {
        String message = String.valueOf(
                assertThrows(IOException.class, () -> PemContext.of(new PemFiles(null, certificates, key)))
                        .getMessage());
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains(folder.toString()), message);
        assertEquals(1, message.lines().count());
    }
}
