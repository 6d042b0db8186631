package dev.tenon.ws.cli;

import dev.tenon.ws.client.ClientTls;
import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The trusted certificates and the client certificate. */
final class TlsOptions {
    @Option(names = "--insecure", description = "Trust any certificate, for any host. For tests.")
    private boolean insecure;

    @Option(names = "--truststore", paramLabel = "FILE", description = "PKCS12 or JKS file with trusted certificates.")
    private @Nullable Path truststore;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is its password.")
    private @Nullable Path passwordFile;

    @Option(names = "--cacert", paramLabel = "FILE", description = "PEM with the certificates to trust instead.")
    private @Nullable Path trusted;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "PEM with the client's certificate and those of its issuers.")
    private @Nullable Path chain;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "PEM with the client's private key (default: in the file of --cert).")
    private @Nullable Path key;

    /** Sets trust and keys. They are an error for a server without TLS. */
    void applyTo(WebSocketClient.Builder builder, boolean secure, Timings timings) {
        boolean isAnySet =
                insecure || Stream.of(truststore, trusted, chain, key).anyMatch(file -> file != null);
        if (!secure && isAnySet) {
            throw Problem.usage("--insecure, --truststore, --cacert, --cert and --key are for TLS: connect to wss://");
        }
        if (secure) {
            builder.tls(tls().withParameters(parameters -> timings.connected())
                    .withVerifier((String host, SSLSession session) -> timings.secured(session)));
        }
    }

    /** The SSL context for the JDK's own sockets, without a client certificate. */
    SSLContext context() {
        TrustManager[] trust = trustManagers();
        try {
            return trust == null ? SSLContext.getDefault() : KeyFile.clientContext(trust);
        } catch (NoSuchAlgorithmException e) {
            throw Problem.usage("this platform has no TLS: " + e.getMessage());
        }
    }

    /** The trusted certificates; null for those of the JDK. */
    TrustManager @Nullable [] trustManagers() {
        if (chain != null || key != null) {
            throw Problem.usage("this command cannot use a client certificate: leave --cert and --key out");
        }
        if (insecure) {
            return new TrustManager[] {new InsecureTrustManager()};
        }
        if ((truststore == null) != (passwordFile == null)) {
            throw Problem.usage("--truststore FILE and --password-file FILE go together");
        }
        if (truststore != null && passwordFile != null) {
            return KeyFile.read(truststore, passwordFile).trustManagers();
        }
        return trusted == null ? null : KeyFile.trusting(trusted);
    }

    /** The file with a password, for a server's key. */
    @Nullable
    Path passwordFile() {
        return passwordFile;
    }

    private ClientTls tls() {
        if (insecure) {
            if (truststore != null || trusted != null || chain != null) {
                throw Problem.usage(
                        "--insecure trusts any certificate and presents none: leave --truststore, --cacert and --cert"
                                + " out, or --insecure");
            }
            return InsecureTrustManager.tls(InsecureTrustManager.context());
        }
        if ((truststore == null) != (passwordFile == null)) {
            throw Problem.usage("--truststore FILE and --password-file FILE go together");
        }
        if (truststore != null && passwordFile != null) {
            if (trusted != null || chain != null) {
                throw Problem.usage("--truststore and PEM files have the same purpose: leave one out");
            }
            return ClientTls.of(KeyFile.read(truststore, passwordFile).clientContext());
        }
        return pem();
    }

    private ClientTls pem() {
        if (key != null && chain == null) {
            throw Problem.usage("--key is the key of a certificate: add --cert FILE");
        }
        try {
            if (chain != null) {
                return ClientTls.pem(trusted, chain, key == null ? chain : key);
            }
            return trusted == null ? ClientTls.platform() : ClientTls.pem(trusted);
        } catch (NoSuchFileException e) {
            throw Problem.usage("there is no file '" + e.getFile() + "'");
        } catch (IOException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }
}
