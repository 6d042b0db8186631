package dev.tenon.ws.client;

import dev.tenon.ws.client.dial.Addresses;
import dev.tenon.ws.client.dial.HostNames;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.transport.PemContext;
import dev.tenon.ws.transport.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of a client, for {@code wss:} URIs. Immutable, except that it reads changed files again.
 *
 * <p>Every trust manager is followed by a check of the host: the host of the URI must be among the certificate's
 * subject alternative names. The client also sends the host in the ClientHello (SNI).
 */
public final class ClientTls {
    private static final String CHECKS_HOST = "HTTPS";
    private static final ClientTls PLATFORM =
            new ClientTls(SSLContext::getDefault, parameters -> {}, (host, session) -> {});

    /** Returns the newest context for each connect. */
    private interface Contexts {
        SSLContext newest() throws NoSuchAlgorithmException;
    }

    private final Contexts contexts;
    private final Consumer<SSLParameters> parameters;
    private final PeerVerifier verifier;

    private ClientTls(Contexts contexts, Consumer<SSLParameters> parameters, PeerVerifier verifier) {
        this.contexts = contexts;
        this.parameters = parameters;
        this.verifier = verifier;
    }

    /**
     * Returns TLS with trust and keys of the platform.
     *
     * @return TLS with {@link SSLContext#getDefault()}
     */
    public static ClientTls platform() {
        return PLATFORM;
    }

    /**
     * Returns TLS with trust and keys of a context.
     *
     * @param context the context
     * @return TLS with the context
     */
    public static ClientTls of(SSLContext context) {
        return of((Contexts) () -> context);
    }

    private static ClientTls of(Contexts contexts) {
        return new ClientTls(contexts, PLATFORM.parameters, PLATFORM.verifier);
    }

    /**
     * Trusts the certificates of a PEM file instead of the platform's. The file is read at once, and again when it has
     * changed; it is checked once a second at most. While it is invalid, the last good certificates stay in use.
     *
     * @param trusted certificates of authorities or of servers
     * @return TLS that trusts them, without a client certificate
     * @throws IOException if the file is invalid; the message names it and the reason
     */
    public static ClientTls pem(Path trusted) throws IOException {
        return of(PemContext.of(new PemFiles(trusted, null, null))::newest);
    }

    /**
     * Trusts the certificates of a PEM file, and uses a client certificate from PEM files. Changed files are read
     * again, as in {@link #pem(Path)}.
     *
     * @param trusted certificates of authorities or of servers; null for the platform's
     * @param chain the client's certificate, followed by those of its authorities
     * @param key its unencrypted private key: PKCS #8, PKCS #1 or SEC 1; may be in the same file
     * @return TLS with all of them
     * @throws IOException if a file is invalid, or key and certificate do not match; the message names the file and the
     *     reason
     */
    public static ClientTls pem(@Nullable Path trusted, Path chain, Path key) throws IOException {
        return of(PemContext.of(new PemFiles(trusted, chain, key))::newest);
    }

    /**
     * Returns this TLS with other parameters, such as versions and cipher suites.
     *
     * @param change changes the parameters of each connection, which have the host and ALPN {@code http/1.1} already.
     *     If it sets the endpoint identification algorithm to null, the host is <b>not</b> checked. Called on the
     *     {@linkplain WebSocketClient.Builder#executor executor}
     * @return TLS with this change and all earlier ones
     */
    public ClientTls withParameters(Consumer<SSLParameters> change) {
        return new ClientTls(contexts, parameters.andThen(change), verifier);
    }

    /**
     * Returns this TLS with an additional check of the server's certificate.
     *
     * @param verifier called after trust and host name have been verified
     * @return TLS with the verifier, which replaces an earlier one
     */
    public ClientTls withVerifier(PeerVerifier verifier) {
        return new ClientTls(contexts, parameters, verifier);
    }

    /** Creates the TLS engine for the server of a {@code wss:} URI. May read files. */
    SSLEngine engine(WebSocketUri uri) throws IOException {
        try {
            SSLEngine engine = contexts.newest().createSSLEngine(uri.host(), uri.port());
            engine.setUseClientMode(true);
            SSLParameters all = engine.getSSLParameters();
            all.setEndpointIdentificationAlgorithm(CHECKS_HOST);
            all.setApplicationProtocols(new String[] {"http/1.1"});
            all.setServerNames(names(uri.host()));
            parameters.accept(all);
            engine.setSSLParameters(all);
            return engine;
        } catch (NoSuchAlgorithmException | RuntimeException e) {
            throw new IOException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<SNIServerName> names(String host) {
        if (Addresses.isLiteral(host)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        } catch (IllegalArgumentException e) { // for example a name with an underscore, which SNI does not allow
            return List.of();
        }
    }

    /** Verifies the session after the TLS handshake. */
    void verify(WebSocketUri uri, SSLEngine engine) throws SSLException {
        SSLSession session = engine.getSession();
        if (CHECKS_HOST.equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())) {
            HostNames.check(uri.host(), session);
        }
        verifier.verify(uri.host(), session);
    }
}
