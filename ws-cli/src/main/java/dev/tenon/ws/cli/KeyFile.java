package dev.tenon.ws.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A PKCS12 or JKS file with the keys of a server or the trusted certificates of a client. */
final class KeyFile {
    private final Path path;
    private final KeyStore store;
    private final char[] password;

    private KeyFile(Path path, KeyStore store, char[] password) {
        this.path = path;
        this.store = store;
        this.password = password;
    }

    static KeyFile read(Path path, Path passwordFile) {
        char[] password = password(passwordFile);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw Problem.usage("there is no keystore '" + path + "' that can be read: keytool -genkeypair makes one");
        }
        try {
            return new KeyFile(path, KeyStore.getInstance(path.toFile(), password), password);
        } catch (KeyStoreException e) {
            throw Problem.usage("'" + path + "' is neither PKCS12 nor JKS: keytool -importkeystore converts others");
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw wrongPassword(path, passwordFile);
            }
            throw Problem.usage("the keystore '" + path + "' cannot be read: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw Problem.usage("the keystore '" + path + "' cannot be used: " + e.getMessage());
        }
    }

    private static Problem wrongPassword(Path path, Path passwordFile) {
        return Problem.usage("the password in '" + passwordFile + "' is not that of '" + path
                + "': its first line must be the password and nothing else");
    }

    private static char[] password(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").toCharArray();
        } catch (CharacterCodingException e) {
            throw Problem.usage("the password file '" + file + "' is not text in UTF-8");
        } catch (IOException e) {
            throw Problem.usage("the password file '" + file + "' cannot be read: check its path and permissions");
        }
    }

    SSLContext serverContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager()}, null, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** The key of a server. */
    KeyManager keyManager() {
        try {
            boolean hasKey = false;
            for (String alias : Collections.list(store.aliases())) {
                hasKey |= store.isKeyEntry(alias);
            }
            if (!hasKey) {
                throw Problem.usage("'" + path + "' holds no private key: keytool -genkeypair makes one");
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return keys.getKeyManagers()[0];
        } catch (UnrecoverableKeyException e) {
            throw Problem.usage("the key in '" + path
                    + "' has its own password: use the password of the keystore for it," + " with keytool -keypasswd");
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private Problem unusable(GeneralSecurityException why) {
        return Problem.usage("the keystore '" + path + "' cannot be used: " + why.getMessage());
    }

    /** Returns what trusts the certificates of the file. */
    TrustManager[] trustManagers() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw Problem.usage("the truststore '" + path + "' cannot be used: " + e.getMessage());
        }
    }

    SSLContext clientContext() {
        return clientContext(trustManagers());
    }

    /** Returns what trusts the certificates of a PEM file. */
    static TrustManager[] trusting(Path pem) {
        try (InputStream stream = Files.newInputStream(pem)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
                store.setCertificateEntry("trusted" + number++, certificate);
            }
            if (number == 0) {
                throw Problem.usage("'" + pem + "' has no certificate in PEM");
            }
            return new KeyFile(pem, store, new char[0]).trustManagers();
        } catch (IOException e) {
            throw Problem.usage("'" + pem + "' cannot be read: check its path and permissions");
        } catch (GeneralSecurityException e) {
            throw Problem.usage("'" + pem + "' is not PEM with certificates: " + e.getMessage());
        }
    }

    static SSLContext clientContext(TrustManager @Nullable [] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw Problem.usage("this platform has no TLS: " + e.getMessage());
        }
    }
}
