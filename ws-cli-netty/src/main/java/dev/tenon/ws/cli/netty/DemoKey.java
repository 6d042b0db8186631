package dev.tenon.ws.cli.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A key for one run and a self-signed certificate, made by the JDK's keytool. Closing it deletes its files.
 *
 * @param folder the folder of the files
 * @param certificates the certificate, PEM
 * @param key the private key, PKCS 8 in PEM
 * @param fingerprint SHA-256 of the public key, Base64, with which Chromium can be told to trust the certificate
 */
record DemoKey(Path folder, Path certificates, Path key, String fingerprint) implements AutoCloseable {
    private static final String ALIAS = "demo";

    static DemoKey make() throws IOException {
        Path folder = Files.createTempDirectory("ws-demo"); // only its owner can read the folder
        String password = UUID.randomUUID().toString();
        Path store = folder.resolve("store.p12");
        Path certificates = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        try {
            keytool(store, password);
            KeyStore made = KeyStore.getInstance(store.toFile(), password.toCharArray());
            var certificate = made.getCertificate(ALIAS);
            write(certificates, "CERTIFICATE", certificate.getEncoded());
            write(key, "PRIVATE KEY", made.getKey(ALIAS, password.toCharArray()).getEncoded());
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return new DemoKey(folder, certificates, key, Base64.getEncoder().encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IOException("keytool has made no key", e);
        }
    }

    private static void keytool(Path store, String password) throws IOException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = List.of(
                keytool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                ALIAS,
                "-dname",
                "CN=Tenon demo",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
                "-validity",
                "10",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "STORE_PASSWORD");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STORE_PASSWORD", password);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool has made no key: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made a key", e);
        }
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    @Override
    public void close() throws IOException {
        for (String file : List.of("store.p12", "certificate.pem", "key.pem")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
