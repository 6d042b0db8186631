package dev.tenon.ws.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads certificates and a private key from PEM files (RFC 7468), and makes a TLS context of them. */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private record Block(String label, String text, Path file) {
        byte[] bytes() {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": the block \"" + label + "\" is not base64", e);
            }
        }
    }

    private PemFiles() {}

    static SSLContext context(Path certificateFile, Path keyFile) throws IOException {
        List<X509Certificate> chain = certificates(certificateFile);
        PrivateKey key = key(keyFile, chain.get(0).getPublicKey());
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    certificateFile + ": the certificates are no chain, the server's own first: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                try {
                    chain.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes())));
                } catch (GeneralSecurityException e) {
                    throw new IllegalArgumentException(file + ": a certificate cannot be read: " + e.getMessage(), e);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate: no \"-----BEGIN CERTIFICATE-----\"");
        }
        return chain;
    }

    private static PrivateKey key(Path file, PublicKey owner) throws IOException {
        for (Block block : blocks(file)) {
            switch (block.label()) {
                case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
                case "PRIVATE KEY" -> {
                    return matching(file, block.bytes(), owner);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    if (block.text().contains("ENCRYPTED")) {
                        throw encrypted(file);
                    }
                    return matching(file, Der.pkcs8(owner.getEncoded(), block.bytes()), owner);
                }
                default -> {} // certificates, or the parameters of a curve
            }
        }
        throw new IllegalArgumentException(file + " holds no private key: no \"-----BEGIN PRIVATE KEY-----\"");
    }

    private static IllegalArgumentException encrypted(Path file) {
        return new IllegalArgumentException(
                file + ": the private key is encrypted; \"openssl pkey -in FILE -out DECRYPTED\" decrypts it");
    }

    private static PrivateKey matching(Path file, byte[] pkcs8, PublicKey owner) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (!belongs(key, owner)) {
                throw new IllegalArgumentException(file + ": the private key is not the one of the first certificate");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    file + ": this is no private key for the first certificate, whose kind is " + owner.getAlgorithm(),
                    e);
        }
    }

    /** Whether what one signs the other verifies. */
    private static boolean belongs(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
        String algorithm = switch (owner.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> owner.getAlgorithm();
        };
        byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(sample);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(owner);
        verifier.update(sample);
        return verifier.verify(signature);
    }

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Matcher found = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)); found.find(); ) {
            blocks.add(new Block(found.group(1), found.group(2), file));
        }
        return blocks;
    }
}
