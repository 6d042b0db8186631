package dev.tenon.ws.server;

import dev.tenon.ws.transport.PemFiles;
import dev.tenon.ws.transport.RateLimitedLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
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
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.server"), Level.ERROR);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private enum ClientCertificates {
        NONE(""),
        WANTED("wantingClientCertificates"),
        REQUIRED("requiringClientCertificates");

        final String method;

        ClientCertificates(String method) {
            this.method = method;
        }

        void applyTo(SSLParameters parameters) {
            parameters.setWantClientAuth(this == WANTED);
            if (this == REQUIRED) {
                parameters.setNeedClientAuth(true);
            }
        }
    }

    private final ServerKeys keys;
    private final ClientCertificates clients;
    private final Consumer<SSLParameters> parameters;

    private ServerTls(ServerKeys keys, ClientCertificates clients, Consumer<SSLParameters> parameters) {
        this.keys = keys;
        this.clients = clients;
        this.parameters = parameters;
    }

    private static ServerTls of(ServerKeys keys) {
        return new ServerTls(keys, ClientCertificates.NONE, parameters -> {});
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
        return of(ServerKeys.of(new PemFiles(null, certificates, key)));
    }

    /**
     * Uses the newest context for each connection.
     *
     * @param newest returns the newest context; called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls of(Supplier<SSLContext> newest) {
        return of(ServerKeys.of(
                host -> Objects.requireNonNull(newest.get(), "the supplier has returned no TLS context"), false));
    }

    /**
     * Uses a context for each host that clients name (RFC 6066 §3).
     *
     * @param contexts returns the context of a host name in lower case, or of the empty string if a client names none;
     *     null refuses the connection. Called on event loops, where it must not block
     * @return TLS without client certificates
     */
    public static ServerTls byHost(Function<String, @Nullable SSLContext> contexts) {
        return of(ServerKeys.of(contexts, true));
    }

    /**
     * Uses other settings for each host that clients name (RFC 6066 §3), for example PEM files. A client that names
     * another host is refused. A connection serves requests for hosts with the same {@code ServerTls} object only.
     *
     * @param hosts the settings by host name, or by the empty string for clients that name none
     * @return TLS with client certificates and parameters as each host has them
     * @throws IllegalArgumentException if there is no host, or the settings of one depend on the host in turn
     */
    public static ServerTls byHost(Map<String, ServerTls> hosts) {
        Map<String, ServerTls> own = new HashMap<>();
        hosts.forEach((host, tls) -> own.put(host.toLowerCase(Locale.ROOT), tls));
        if (own.isEmpty() || own.values().stream().anyMatch(ServerTls::isByHost)) {
            throw new IllegalArgumentException("each host has a ServerTls that does not depend on the host");
        }
        return of(ServerKeys.of(Map.copyOf(own)));
    }

    /**
     * Returns these settings with other parameters, such as versions and cipher suites.
     *
     * @param change changes the parameters of each connection, which have TLS 1.3 and 1.2 and ALPN {@code http/1.1}
     *     already. Called on event loops, where it must not block. It cannot set client certificates and SNI matchers
     * @return TLS with this change and all earlier ones
     */
    public ServerTls withParameters(Consumer<SSLParameters> change) {
        return new ServerTls(keys, clients, parameters.andThen(change));
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
        requireOneHost();
        PemFiles pem = keys.pem();
        if (pem != null && pem.trusted() == null) { // the JDK would trust the public authorities
            throw new IllegalStateException("the PEM files have no authorities of client certificates: call "
                    + policy.method + "(authorities) with a PEM file that has them");
        }
        return new ServerTls(keys, policy, parameters);
    }

    private ServerTls with(ClientCertificates policy, Path authorities) throws IOException {
        requireOneHost();
        PemFiles pem = keys.pem();
        if (pem == null) {
            throw new IllegalStateException("the TLS context decides which client certificates it trusts: call "
                    + policy.method + "() without a file");
        }
        PemFiles files = new PemFiles(Objects.requireNonNull(authorities), pem.chain(), pem.key());
        return new ServerTls(ServerKeys.of(files), policy, parameters);
    }

    private void requireOneHost() {
        if (!keys.hosts().isEmpty()) {
            throw new IllegalStateException(
                    "each host has its own policy of client certificates: set it before byHost");
        }
    }

    /** Whether the context depends on the host that the client names. */
    boolean isByHost() {
        return keys.byHost();
    }

    /** Makes the engine of one connection, or returns null to refuse it. */
    @Nullable
    SSLEngine engine(String host) {
        ServerTls own = settings(host);
        SSLContext context = own == null ? null : own.keys.contexts().of(host);
        if (own == null || context == null) {
            return null;
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters all = engine.getSSLParameters();
        all.setApplicationProtocols(new String[] {"http/1.1"});
        all.setProtocols(
                Arrays.stream(all.getProtocols()).filter(PROTOCOLS::contains).toArray(String[]::new));
        try {
            (own == this ? parameters : own.parameters.andThen(parameters)).accept(all);
            own.clients.applyTo(all);
            if (keys.byHost()) { // so that the session is never resumed for another host
                all.setSNIMatchers(List.of(new HostMatcher(host)));
            }
            engine.setSSLParameters(all);
        } catch (RuntimeException broken) {
            FAILURES.log("the TLS parameters cannot be used: connections are dropped", broken);
            throw broken;
        }
        return engine;
    }

    /** The settings for a host, or null if it has none. */
    private @Nullable ServerTls settings(String host) {
        return keys.hosts().isEmpty() ? this : keys.hosts().get(host);
    }

    /**
     * Whether a TLS session may carry requests for an authority: its host is that of the session, or has the same
     * settings and context.
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
        String named = requested == null ? "" : requested.toLowerCase(Locale.ROOT);
        ServerTls own = settings(host);
        if (own == null || own != settings(named)) {
            return false;
        }
        SSLContext context = own.keys.contexts().of(host);
        return context != null && context == own.keys.contexts().of(named);
    }
}
