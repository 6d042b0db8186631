package dev.tenon.ws.transport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and a private key in PEM (RFC 7468), as certbot, openssl and Kubernetes write them: PKCS #8, PKCS #1 (RSA)
 * or SEC 1 (EC), not encrypted. Text around the blocks is skipped.
 *
 * @param certificates in the order of the file
 * @param key the first private key, or null if there is none
 */
public record Pem(
        List<X509Certificate> certificates, @Nullable PrivateKey key) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final String[] ALGORITHMS = {"EC", "RSA", "EdDSA", "RSASSA-PSS"};

    /**
     * Reads a file.
     *
     * @param file certificates, a key, or both
     * @return what the file holds
     * @throws IOException if it cannot be read, or holds neither; the message names the file and says what to do
     */
    public static Pem read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw new IOException(file + " cannot be used: " + malformed.getMessage(), malformed);
        }
    }

    static Pem parse(String text) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        PrivateKey key = null;
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            byte[] bytes = Base64.getMimeDecoder().decode(blocks.group(2));
            String type = blocks.group(1);
            if (type.equals("CERTIFICATE")) {
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes)));
            } else if (type.endsWith("PRIVATE KEY") && key == null) {
                key = privateKey(type, bytes);
            }
        }
        if (certificates.isEmpty() && key == null) {
            throw new IllegalArgumentException("it holds no certificate and no private key in PEM");
        }
        return new Pem(List.copyOf(certificates), key);
    }

    private static PrivateKey privateKey(String type, byte[] bytes) throws GeneralSecurityException {
        byte[] pkcs8 = switch (type) {
            case "PRIVATE KEY" -> bytes;
            case "RSA PRIVATE KEY" -> sequence(VERSION_0, RSA, tagged(0x04, bytes));
            case "EC PRIVATE KEY" -> sequence(VERSION_0, sequence(EC_OID, curve(bytes)), tagged(0x04, bytes));
            default ->
                throw new IllegalArgumentException(
                        "its key is encrypted: openssl pkcs8 -topk8 -nocrypt writes one that is not");
        };
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException other) {
                // a key of another algorithm
            }
        }
        throw new IllegalArgumentException(
                "its private key is malformed, or of an algorithm that this JDK does not know");
    }

    /** RFC 5915 §3: the parameters, which are the name of the curve, stand in field 0. */
    private static byte[] curve(byte[] sec1) {
        for (int i = 0; i + 4 < sec1.length; i++) {
            boolean field = (sec1[i] & 0xFF) == 0xA0 && sec1[i + 2] == 0x06 && sec1[i + 1] == sec1[i + 3] + 2;
            if (field && i + 2 + sec1[i + 1] <= sec1.length) {
                return Arrays.copyOfRange(sec1, i + 2, i + 2 + sec1[i + 1]);
            }
        }
        throw new IllegalArgumentException("its EC key names no curve");
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tagged(0x30, all.toByteArray());
    }

    /** DER: the tag, the length in its shortest form, the content. */
    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length < 0x80) {
            all.write(content.length);
        } else if (content.length < 0x100) {
            all.writeBytes(new byte[] {(byte) 0x81, (byte) content.length});
        } else {
            all.writeBytes(new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length});
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    /**
     * A context with the key, and with certificates to trust.
     *
     * @param trusted whom to trust, certificates of authorities or of peers themselves; null for the platform's
     * @param own this end's chain and key, its own certificate first; null for none
     * @return a context
     * @throws IOException if a certificate or the key is missing, or they do not belong together
     */
    public static SSLContext context(@Nullable Pem trusted, @Nullable Pem own) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : own.keys(), trusted == null ? null : trusted.trust(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private TrustManager[] trust() throws GeneralSecurityException, IOException {
        if (certificates.isEmpty()) {
            throw new IOException("there is no certificate to trust in the PEM");
        }
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("trusted" + i, certificates.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        PrivateKey own = key;
        if (own == null || certificates.isEmpty()) {
            throw new IOException(
                    own == null ? "there is no private key in the PEM" : "there is no certificate in the PEM");
        }
        requireMatch(own, certificates.get(0));
        KeyStore store = emptyStore();
        store.setKeyEntry("own", own, new char[0], certificates.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private static void requireMatch(PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        boolean sameKind = key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm());
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "";
        };
        if (sameKind && algorithm.isEmpty()) {
            return; // no way to tell that holds for all of them
        }
        if (sameKind) {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            sameKind = signature.verify(signed);
        }
        if (!sameKind) {
            throw new IOException(
                    "the private key is not that of the first certificate, " + certificate.getSubjectX500Principal());
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /**
     * These certificates with the key of another file, as where chain and key are two files.
     *
     * @param other holds the key
     * @return certificates of this, key of the other
     */
    public Pem withKeyOf(Pem other) {
        return new Pem(certificates, other.key);
    }

    /**
     * Names the certificates, and of the key only whether there is one.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        return "Pem[certificates=" + certificates.size() + ", key=" + (key == null ? "none" : key.getAlgorithm()) + "]";
    }
}
