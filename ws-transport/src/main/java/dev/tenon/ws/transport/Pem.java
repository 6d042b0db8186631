package dev.tenon.ws.transport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys in PEM (RFC 7468), as certbot, openssl and Kubernetes write them. Skips text
 * around the blocks. Exceptions name the file and the remedy.
 */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;

    private record Block(Path file, String label, String text) {
        byte[] bytes() throws IOException {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " cannot be used: the block \"" + label + "\" is not base64", e);
            }
        }
    }

    private Pem() {}

    /** The certificates of a file, in order, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate: no \"-----BEGIN CERTIFICATE-----\"");
        }
        return certificates;
    }

    private static X509Certificate certificate(Block block) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException e) {
            throw new IOException(block.file + " cannot be used: a certificate is malformed: " + e.getMessage(), e);
        }
    }

    /** The first private key of a file: PKCS #8, PKCS #1 or SEC 1, of the same algorithm as the public key of its owner. */
    static PrivateKey privateKey(Path file, PublicKey owner) throws IOException {
        for (Block block : blocks(file)) {
            switch (block.label) {
                case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
                case "PRIVATE KEY" -> {
                    return privateKey(file, block.bytes(), owner);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    if (block.text.contains("ENCRYPTED")) {
                        throw encrypted(file);
                    }
                    return privateKey(file, pkcs8(block.bytes(), owner), owner);
                }
                default -> {} // skips certificates and curve parameters
            }
        }
        throw new IOException(file + " holds no private key: no \"-----BEGIN PRIVATE KEY-----\"");
    }

    private static IOException encrypted(Path file) {
        return new IOException(
                file + ": the private key is encrypted; \"openssl pkey -in FILE -out DECRYPTED\" decrypts it");
    }

    private static PrivateKey privateKey(Path file, byte[] pkcs8, PublicKey owner) throws IOException {
        try {
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    file + ": the private key is malformed, or not for the first certificate, whose kind is "
                            + owner.getAlgorithm(),
                    e);
        }
    }

    /** PKCS #8 (RFC 5958 §2) is a version, the algorithm, which the public key begins with too, and the key. */
    private static byte[] pkcs8(byte[] key, PublicKey owner) {
        byte[] spki = owner.getEncoded();
        int algorithm = (spki[1] & 0x80) == 0 ? 2 : 2 + (spki[1] & 0x7F);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.writeBytes(Arrays.copyOfRange(spki, algorithm, algorithm + 2 + spki[algorithm + 1]));
        content.writeBytes(tagged(OCTET_STRING, key));
        return tagged(SEQUENCE, content.toByteArray());
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

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (found.find()) {
            blocks.add(new Block(file, found.group(1), found.group(2)));
        }
        return blocks;
    }
}
