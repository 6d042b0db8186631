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
        return of(PemContext.of(new PemFiles(null, certificates, key))::newest);
    }

    /**
     * Uses the newest context for each connection.
     *
     * @param newest returns the newest context; called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls of(Supplier<SSLContext> newest) {
        return new ServerTls(
                new LastGoodContexts(
                        host -> Objects.requireNonNull(newest.get(), "the supplier has returned no TLS context")),
                false,
                ClientCertificates.NONE);
    }

    /**
     * Uses a context for each host that clients name (RFC 6066 §3).
     *
     * @param contexts returns the context of a host name in lower case, or of the empty string if a client names none;
     *     null refuses the connection. Called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls byHost(Function<String, @Nullable SSLContext> contexts) {
        return new ServerTls(new LastGoodContexts(contexts), true, ClientCertificates.NONE);
    }

    /**
     * Returns these settings with optional client certificates, see {@link Client#certificates()}. A certificate that the
     * context does not trust ends the connection.
     *
     * @return TLS with optional client certificates
     */
    public ServerTls wantingClientCertificates() {
        return new ServerTls(contexts, byHost, ClientCertificates.WANTED);
    }

    /**
     * Returns these settings with mandatory client certificates. A client without a certificate that the context trusts
     * cannot connect.
     *
     * @return TLS with mandatory client certificates
     */
    public ServerTls requiringClientCertificates() {
        return new ServerTls(contexts, byHost, ClientCertificates.REQUIRED);
    }

    /** Whether the context depends on the host that the client names. */
    boolean isByHost() {
        return byHost;
    }

    /** Makes the engine of one connection, or returns null to refuse it. */
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
        if (byHost) { // so that the session is never resumed for another host
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
