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
 * What a client says and demands in TLS, for {@code wss:} URIs. Immutable, but for files that are read again.
 *
 * <p>Whatever a trust manager trusts, the certificate has to be for the host of the URI, which is also named in the hello
 * (SNI). The check is by the certificate's subject alternative names.
 */
public final class ClientTls {
    private static final String CHECKS_HOST = "HTTPS";
    private static final ClientTls PLATFORM =
            new ClientTls(SSLContext::getDefault, parameters -> {}, (host, session) -> {});

    /** Gives the newest context for each connect. */
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
     * Trust and keys of the platform.
     *
     * @return TLS with {@link SSLContext#getDefault()}
     */
    public static ClientTls platform() {
        return PLATFORM;
    }

    /**
     * Trust and keys of a context.
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
     * Trust by certificates in PEM, in place of the platform's. The file is read at once, and again when it has changed,
     * looked at once a second at most; while it cannot be used, the last good certificates go on to be used.
     *
     * @param trusted certificates of authorities, or of servers themselves
     * @return TLS that trusts them, with no key of this end
     * @throws IOException if the file cannot be used; the message names it and says why
     */
    public static ClientTls pem(Path trusted) throws IOException {
        return of(PemContext.of(new PemFiles(trusted, null, null))::newest);
    }

    /**
     * Trust and a key by files in PEM: a client certificate. They are read again when they have changed, as above.
     *
     * @param trusted certificates of authorities, or of servers themselves; null for the platform's
     * @param chain this client's certificate, and those that lead to its authority
     * @param key its private key, not encrypted: PKCS #8, PKCS #1 or SEC 1; may be the same file
     * @return TLS with all of them
     * @throws IOException if a file cannot be used, or key and certificate do not belong together; the message names the
     *     file and says why
     */
    public static ClientTls pem(@Nullable Path trusted, Path chain, Path key) throws IOException {
        return of(PemContext.of(new PemFiles(trusted, chain, key))::newest);
    }

    /**
     * This TLS with other parameters, such as versions and cipher suites.
     *
     * @param change changes the parameters of each connection, which name the host and ALPN {@code http/1.1} already. If it
     *     sets the endpoint identification algorithm to null, the host is <b>not</b> checked
     * @return TLS with the change, beside those made before
     */
    public ClientTls withParameters(Consumer<SSLParameters> change) {
        return new ClientTls(contexts, parameters.andThen(change), verifier);
    }

    /**
     * This TLS with a last word on the server's certificate.
     *
     * @param verifier is asked when trust and host name are verified
     * @return TLS with the verifier, in place of any other
     */
    public ClientTls withVerifier(PeerVerifier verifier) {
        return new ClientTls(contexts, parameters, verifier);
    }

    /** TLS towards a server, or null for none. */
    @Nullable
    SSLEngine engine(WebSocketUri uri) throws IOException {
        if (!uri.secure()) {
            return null;
        }
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
        } catch (IllegalArgumentException e) { // a name with an underscore, say, which cannot be asked for
            return List.of();
        }
    }

    /** Verifies what the handshake has settled. */
    void verify(WebSocketUri uri, SSLEngine engine) throws SSLException {
        SSLSession session = engine.getSession();
        if (CHECKS_HOST.equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())) {
            HostNames.check(uri.host(), session);
        }
        verifier.verify(uri.host(), session);
    }
}
