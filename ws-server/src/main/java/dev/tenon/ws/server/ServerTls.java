package dev.tenon.ws.server;

import dev.tenon.ws.transport.PemContext;
import dev.tenon.ws.transport.PemFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of a listener: its key, and whether clients must have a certificate. A listener speaks TLS 1.3 and
 * 1.2, with ALPN {@code http/1.1} (RFC 7301), and without renegotiation. Immutable; thread-safe if the application's
 * function is.
 *
 * <p>A key can be replaced without a restart: each new connection gets the context of its time, and open connections
 * keep theirs. While the application's function throws, for instance because a reload has failed, the last good context
 * stays in use, and the failure is logged as an error.
 *
 * <pre>{@code
 * AtomicReference<SSLContext> newest = new AtomicReference<>(load());
 * builder.listen(address, ServerTls.of(newest::get));
 * ... newest.set(load());
 * }</pre>
 */
public final class ServerTls {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private enum ClientCertificates {
        NONE(""),
        WANTED("wantingClientCertificates"),
        REQUIRED("requiringClientCertificates");

        final String method;

        ClientCertificates(String method) {
            this.method = method;
        }
    }

    /** Where the key of a connection comes from; {@code pem} has its files, unless the application gives a context. */
    private record Keys(
            LastGoodContexts contexts,
            boolean byHost,
            @Nullable PemFiles pem) {
        static Keys of(PemFiles files) throws IOException {
            PemContext context = PemContext.of(files);
            return new Keys(new LastGoodContexts(host -> context.newest()), false, files);
        }
    }

    private final Keys keys;
    private final ClientCertificates clients;

    private ServerTls(Keys keys, ClientCertificates clients) {
        this.keys = keys;
        this.clients = clients;
    }

    /**
     * Uses one context for all connections.
     *
     * @param context the server's key, and the authorities that it trusts
     * @return TLS without client certificates
     */
    public static ServerTls of(SSLContext context) {
        Objects.requireNonNull(context, "the TLS context is null");
        return of(() -> context);
    }

    /**
     * Uses the key and certificates of two PEM files, as certbot, cert-manager and openssl write them. They are read at
     * once, and again when they have changed, which is checked at most once a second. While key and certificate do not
     * belong together, the last good ones stay in use.
     *
     * @param certificates the server's own certificate first, then those of its authorities
     * @param key the private key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted. May be the same file
     * @return TLS without client certificates
     * @throws IOException if a file cannot be read, or if they hold no key and no certificate that belong together; the
     *     message names the file and the reason
     */
    public static ServerTls pem(Path certificates, Path key) throws IOException {
        return new ServerTls(Keys.of(new PemFiles(null, certificates, key)), ClientCertificates.NONE);
    }

    /**
     * Uses the newest context for each connection.
     *
     * @param newest returns the newest context; called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls of(Supplier<SSLContext> newest) {
        LastGoodContexts contexts = new LastGoodContexts(
                host -> Objects.requireNonNull(newest.get(), "the supplier has returned no TLS context"));
        return new ServerTls(new Keys(contexts, false, null), ClientCertificates.NONE);
    }

    /**
     * Uses a context for each host that clients name (RFC 6066 §3).
     *
     * @param contexts returns the context of a host name in lower case, or of the empty string if a client names none;
     *     null refuses the connection. Called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls byHost(Function<String, @Nullable SSLContext> contexts) {
        return new ServerTls(new Keys(new LastGoodContexts(contexts), true, null), ClientCertificates.NONE);
    }

    /**
     * Returns these settings with optional client certificates, see {@link Client#certificates()}. A certificate that the
     * context does not trust ends the connection.
     *
     * @return TLS with optional client certificates
     * @throws IllegalStateException if the key is in PEM files, and no file has the authorities of clients
     */
    public ServerTls wantingClientCertificates() {
        return with(ClientCertificates.WANTED);
    }

    /**
     * Returns these settings with optional client certificates of given authorities, see {@link Client#certificates()}. A
     * certificate of another authority ends the connection.
     *
     * @param authorities a PEM file with the certificates of authorities or of clients. It is read at once, and again
     *     when it has changed, like the files of {@link #pem}
     * @return TLS with optional client certificates
     * @throws IOException if a file is invalid; the message names the file and the reason
     * @throws IllegalStateException if the key is not in PEM files: a context has authorities of its own
     */
    public ServerTls wantingClientCertificates(Path authorities) throws IOException {
        return with(ClientCertificates.WANTED, authorities);
    }

    /**
     * Returns these settings with mandatory client certificates. A client without a certificate that the context trusts
     * cannot connect.
     *
     * @return TLS with mandatory client certificates
     * @throws IllegalStateException if the key is in PEM files, and no file has the authorities of clients
     */
    public ServerTls requiringClientCertificates() {
        return with(ClientCertificates.REQUIRED);
    }

    /**
     * Returns these settings with mandatory client certificates of given authorities. A client without such a certificate
     * cannot connect.
     *
     * @param authorities a PEM file with the certificates of authorities or of clients. It is read at once, and again
     *     when it has changed, like the files of {@link #pem}
     * @return TLS with mandatory client certificates
     * @throws IOException if a file is invalid; the message names the file and the reason
     * @throws IllegalStateException if the key is not in PEM files: a context has authorities of its own
     */
    public ServerTls requiringClientCertificates(Path authorities) throws IOException {
        return with(ClientCertificates.REQUIRED, authorities);
    }

    private ServerTls with(ClientCertificates policy) {
        PemFiles pem = keys.pem();
        if (pem != null && pem.trusted() == null) { // the JDK would trust the public authorities
            throw new IllegalStateException("the PEM files have no authorities of client certificates: call "
                    + policy.method + "(authorities) with a PEM file that has them");
        }
        return new ServerTls(keys, policy);
    }

    private ServerTls with(ClientCertificates policy, Path authorities) throws IOException {
        PemFiles pem = keys.pem();
        if (pem == null) {
            throw new IllegalStateException("the TLS context decides which client certificates it trusts: call "
                    + policy.method + "() without a file");
        }
        PemFiles files = new PemFiles(Objects.requireNonNull(authorities), pem.chain(), pem.key());
        return new ServerTls(Keys.of(files), policy);
    }

    /** Whether the context depends on the host that the client names. */
    boolean isByHost() {
        return keys.byHost();
    }

    /** Makes the engine of one connection, or returns null to refuse it. */
    @Nullable
    SSLEngine engine(String host) {
        SSLContext context = keys.contexts().of(host);
        if (context == null) {
            return null;
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setProtocols(Arrays.stream(parameters.getProtocols())
                .filter(PROTOCOLS::contains)
                .toArray(String[]::new));
        switch (clients) {
            case NONE -> {}
            case WANTED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        if (keys.byHost()) { // so that the session is never resumed for another host
            parameters.setSNIMatchers(List.of(new OneHost(host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Whether a TLS session may carry requests for an authority: its host is that of the session, or has the same
     * context.
     */
    boolean serves(@Nullable SSLSession session, String authority) {
        if (!keys.byHost()) {
            return true;
        }
        String requested = new Client(null, true, session).serverName();
        String host = HostPolicy.hostOf(authority);
        if (requested == null ? HostPolicy.isAddress(host) : host.equalsIgnoreCase(requested)) {
            return true;
        }
        SSLContext context = keys.contexts().of(host);
        return context != null
                && context == keys.contexts().of(requested == null ? "" : requested.toLowerCase(Locale.ROOT));
    }

    /** Matches one host name. The JDK does not use it for clients that name none. */
    private static final class OneHost extends SNIMatcher {
        private final String host;

        OneHost(String host) {
            super(StandardConstants.SNI_HOST_NAME);
            this.host = host;
        }

        @Override
        public boolean matches(SNIServerName name) {
            return new String(name.getEncoded(), StandardCharsets.US_ASCII).equalsIgnoreCase(host);
        }
    }
}
