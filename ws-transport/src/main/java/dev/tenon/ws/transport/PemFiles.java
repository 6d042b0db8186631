package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * PEM files for TLS: trusted certificates, and the certificate and key of this end.
 *
 * @param trusted certificates of authorities or of peers; null for those of the platform
 * @param chain the certificate of this end, followed by those of its authorities; null for none
 * @param key the private key of this end, in the same file as the chain or in another one; null for none
 */
public record PemFiles(
        @Nullable Path trusted,
        @Nullable Path chain,
        @Nullable Path key) {
    /** All files that are not null. */
    List<Path> all() {
        return Stream.of(trusted, chain, key)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /**
     * Reads the files.
     *
     * @throws IOException if a file cannot be read or has other content, or key and certificate do not match; the
     *     message names the file and the reason
     */
    SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be used with " + all() + ": " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
        if (trusted == null) {
            return null;
        }
        List<X509Certificate> certificates = Pem.certificates(trusted);
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("trusted" + i, certificates.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        if (chain == null || key == null) {
            return null;
        }
        List<X509Certificate> certificates = Pem.certificates(chain);
        PrivateKey own = Pem.privateKey(key, certificates.get(0).getPublicKey());
        if (!belong(own, certificates.get(0))) {
            throw new IOException(key + ": the private key is not that of the first certificate in " + chain + ", "
                    + certificates.get(0).getSubjectX500Principal());
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("own", own, new char[0], certificates.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    /**
     * Whether the certificate verifies a signature of the key; for keys that cannot sign, whether the algorithms are
     * equal.
     */
    private static boolean belong(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        return signature.verify(signed);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
