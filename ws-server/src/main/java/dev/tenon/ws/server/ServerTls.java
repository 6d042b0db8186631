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
 * How a listener speaks TLS: with which key, and whether clients show a certificate. TLS 1.3 and 1.2, ALPN
 * {@code http/1.1} (RFC 7301), no renegotiation. Immutable and thread-safe, as far as what it asks for contexts is.
 *
 * <p>Keys change without a restart: a context is chosen anew for each connection, and those that are open go on with
 * theirs. While the application's function throws, after a failed reload for instance, the last good context goes on to be
 * used, and the failure is logged as an error.
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
        NONE,
        WANTED,
        REQUIRED
    }

    private final LastGoodContexts contexts;
    private final boolean byHost;
    private final ClientCertificates clients;

    private ServerTls(LastGoodContexts contexts, boolean byHost, ClientCertificates clients) {
        this.contexts = contexts;
        this.byHost = byHost;
        this.clients = clients;
    }

    /**
     * One context for all connections.
     *
     * @param context holds the server's key, and whom it trusts
     * @return TLS without client certificates
     */
    public static ServerTls of(SSLContext context) {
        return of(() -> context);
    }

    /**
     * The key and certificates of two PEM files, as certbot, cert-manager and openssl write them. They are read at once, and
     * again when they have changed, looked at once a second at most; while they do not fit together, the last good ones go
     * on to be used.
     *
     * @param certificates the server's own certificate first, then those of its authorities
     * @param key the private key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted. May be the same file
     * @return TLS without client certificates
     * @throws IOException if a file cannot be read, or they hold no key and certificate that belong together; the message
     *     names the file and says why
     */
    public static ServerTls pem(Path certificates, Path key) throws IOException {
        return of(PemContext.of(new PemFiles(null, certificates, key))::newest);
    }

    /**
     * The newest context for each connection.
     *
     * @param newest gives it; called on event loops, and must not block
     * @return TLS without client certificates
     */
    public static ServerTls of(Supplier<SSLContext> newest) {
        return new ServerTls(
                new LastGoodContexts(host -> Objects.requireNonNull(newest.get(), "no TLS context")),
                false,
                ClientCertificates.NONE);
    }

    /**
     * A context for each host that clients ask for (RFC 6066 §3).
     *
     * @param contexts gives the context for a host's name, in lower case, or for the empty string if a client names none;
     *     null refuses the connection. Called on event loops, and must not block
     * @return TLS without client certificates
     */
    public static ServerTls byHost(Function<String, @Nullable SSLContext> contexts) {
        return new ServerTls(new LastGoodContexts(contexts), true, ClientCertificates.NONE);
    }

    /**
     * The same, but clients may show a certificate, see {@link Client#certificates()}. One that the context does not trust
     * ends the connection.
     *
     * @return TLS with optional client certificates
     */
    public ServerTls wantingClientCertificates() {
        return new ServerTls(contexts, byHost, ClientCertificates.WANTED);
    }

    /**
     * The same, but clients must show a certificate that the context trusts; all others do not get in.
     *
     * @return TLS with mandatory client certificates
     */
    public ServerTls requiringClientCertificates() {
        return new ServerTls(contexts, byHost, ClientCertificates.REQUIRED);
    }

    /** Whether the host must be known before there is an engine. */
    boolean isByHost() {
        return byHost;
    }

    /** An engine for one connection, or null to refuse it. */
    @Nullable
    SSLEngine engine(String host) {
        SSLContext context = contexts.of(host);
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
        if (byHost) { // the context is that of one host, and must not be taken for another's
            parameters.setSNIMatchers(List.of(new OneHost(host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Whether a TLS session may carry requests for an authority: its host is the session's, or has the same context. */
    boolean serves(@Nullable SSLSession session, String authority) {
        if (!byHost) {
            return true;
        }
        String requested = new Client(null, true, session).serverName();
        String host = HostPolicy.hostOf(authority);
        if (requested == null ? HostPolicy.isAddress(host) : host.equalsIgnoreCase(requested)) {
            return true;
        }
        SSLContext context = contexts.of(host);
        return context != null && context == contexts.of(requested == null ? "" : requested.toLowerCase(Locale.ROOT));
    }

    /** Not asked where a client names no host. */
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
