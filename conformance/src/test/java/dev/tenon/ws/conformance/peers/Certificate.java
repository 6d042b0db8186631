package dev.tenon.ws.conformance.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tenon.keys.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/** A self-signed certificate for 127.0.0.1 and its key, also as PEM for other programs. */
public record Certificate(TestKey key, Path pem) {
    public static Certificate make(Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
        Path pem = folder.resolve("both.pem");
        Files.writeString(
                pem,
                pem("CERTIFICATE", key.certificate().getEncoded())
                        + pem("PRIVATE KEY", key.privateKey().getEncoded()));
        return new Certificate(key, pem);
    }

    private static String pem(String kind, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    /** Returns a context that uses this certificate, and trusts no other. */
    public SSLContext context() throws Exception {
        return key.trusting(key);
    }
}
