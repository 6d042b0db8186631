package dev.tenon.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a self-signed certificate, made by the JDK's keytool and good for two days.
 *
 * @param file the PKCS12 key store
 * @param store its content: one key
 */
public record TestKey(Path file, KeyStore store) {
    /** The password of every key store. */
    public static final String PASSWORD = "tenon-test";

    private static final String ALIAS = "key";

    /**
     * Makes a key.
     *
     * @param folder where its file goes
     * @param host the common name, and a name of its certificate besides localhost and 127.0.0.1
     * @return the key
     * @throws IOException if keytool cannot be run or fails
     * @throws GeneralSecurityException if its file cannot be read
     * @throws InterruptedException if interrupted
     */
    public static TestKey make(Path folder, String host)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve(host + "-" + System.nanoTime() + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host + ",dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        keytool.getOutputStream().close();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool has failed: " + output);
        }
        return new TestKey(file, KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
    }

    /**
     * The certificate.
     *
     * @return the self-signed certificate, which peers can trust
     * @throws GeneralSecurityException never, as the store is loaded
     */
    public Certificate certificate() throws GeneralSecurityException {
        return store.getCertificate(ALIAS);
    }

    /**
     * The private key.
     *
     * @return the key
     * @throws GeneralSecurityException never, as the store is loaded
     */
    public Key privateKey() throws GeneralSecurityException {
        return store.getKey(ALIAS, PASSWORD.toCharArray());
    }

    /**
     * A TLS context with this key.
     *
     * @param trusted the keys whose certificates it trusts; it trusts no others
     * @return the context
     * @throws IOException if an empty store cannot be made
     * @throws GeneralSecurityException if the JDK has no TLS
     */
    public SSLContext trusting(TestKey... trusted) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust(trusted).getTrustManagers(), null);
        return context;
    }

    /**
     * A TLS context without a key.
     *
     * @param trusted the keys whose certificates it trusts; it trusts no others
     * @return the context
     * @throws IOException if an empty store cannot be made
     * @throws GeneralSecurityException if the JDK has no TLS
     */
    public static SSLContext withoutKey(TestKey... trusted) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust(trusted).getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory trust(TestKey... trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < trusted.length; i++) {
            store.setCertificateEntry("trusted-" + i, trusted[i].certificate());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }
}
