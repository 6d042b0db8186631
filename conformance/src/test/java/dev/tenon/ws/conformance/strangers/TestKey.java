package dev.tenon.ws.conformance.strangers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** A key for localhost, and the file with its password that the tool needs. */
record TestKey(dev.tenon.keys.TestKey key, Path passwordFile) {
    static TestKey in(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        return new TestKey(
                dev.tenon.keys.TestKey.make(directory, "tenon.example"),
                Files.writeString(directory.resolve("password"), dev.tenon.keys.TestKey.PASSWORD + "\n"));
    }

    Path keystore() {
        return key.file();
    }

    /** Returns a context with this key, which trusts its certificate. */
    SSLContext context() throws IOException, GeneralSecurityException {
        return key.trusting(key);
    }
}
