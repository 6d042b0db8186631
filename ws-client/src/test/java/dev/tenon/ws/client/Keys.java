package dev.tenon.ws.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A trusted authority, an untrusted one, and certificates of both, made by keytool for one test run. */
record Keys(KeyStore store) {
    private static final String PASSWORD = "tenon-test";
    private static final String AUTHORITY = "authority";

    static Keys in(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        generate(file, AUTHORITY, "-ext", "bc:c", "-validity", "3000", "-startdate", "-1000d");
        signed(file, "good", "san=dns:localhost,ip:127.0.0.1", "-1d", 10);
        signed(file, "expired", "san=dns:localhost,ip:127.0.0.1", "-20d", 10);
        signed(file, "future", "san=dns:localhost,ip:127.0.0.1", "+10d", 10);
        signed(file, "elsewhere", "san=dns:example.org", "-1d", 10);
        generate(file, "unknown", "-ext", "bc:c", "-validity", "10", "-startdate", "-2d");
        signed(file, "unknown", "foreign", "san=dns:localhost,ip:127.0.0.1", "-1d", 8);
        generate(file, "untrusted", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "10", "-startdate", "-1d");
        return new Keys(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
    }

    private static void signed(Path file, String alias, String extension, String start, int days) throws Exception {
        signed(file, AUTHORITY, alias, extension, start, days);
    }

    private static void signed(Path file, String signer, String alias, String extension, String start, int days)
            throws Exception {
        generate(
                file,
                alias,
                "-signer",
                signer,
                "-ext",
                extension,
                "-startdate",
                start,
                "-validity",
                String.valueOf(days));
    }

    private static void generate(Path file, String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(Arrays.asList(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool has failed: " + output);
        }
    }

    /** Returns a context with the certificate of a name, or with none if it is empty, that trusts the authority. */
    SSLContext context(String alias) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(AUTHORITY, store.getCertificate(AUTHORITY));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(alias.isEmpty() ? new KeyManager[0] : keys(alias), trust.getTrustManagers(), null);
        return context;
    }

    private KeyManager[] keys(String alias) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = PASSWORD.toCharArray();
        own.setKeyEntry(alias, store.getKey(alias, password), password, store.getCertificateChain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        return keys.getKeyManagers();
    }

    /** Returns the chain and key of a name in PEM, the key in the given form. */
    String pem(String alias, String form) throws Exception {
        StringBuilder pem = new StringBuilder("Bag Attributes\n    friendlyName: " + alias + "\n");
        for (Certificate certificate : store.getCertificateChain(alias)) {
            pem.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        ECPrivateKey key = (ECPrivateKey) store.getKey(alias, PASSWORD.toCharArray());
        return pem + (form.equals("PRIVATE KEY") ? block(form, key.getEncoded()) : block(form, sec1(key)));
    }

    /** RFC 5915: version, key, and the curve's name. */
    private static byte[] sec1(ECPrivateKey key) {
        int size = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        byte[] s = key.getS().toByteArray();
        byte[] padded = new byte[size];
        int length = Math.min(size, s.length);
        System.arraycopy(s, s.length - length, padded, size - length, length);
        byte[] curve = HexFormat.of().parseHex(size == 32 ? "a00a06082a8648ce3d030107" : "a00706052b81040022");
        int content = 3 + 2 + size + curve.length;
        return ByteBuffer.allocate(2 + content)
                .put(new byte[] {0x30, (byte) content, 2, 1, 1, 4, (byte) size})
                .put(padded)
                .put(curve)
                .array();
    }

    private static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}
