package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a connect. The same methods set the defaults of a client ({@link WebSocketClient.Builder}) and the
 * options of one connect ({@link ConnectRequest#with}). Not thread-safe.
 *
 * @param <S> the type of the settings themselves
 */
public abstract sealed class ConnectSettings<S extends ConnectSettings<S>> extends HttpSettings<S>
        permits WebSocketClient.Builder, ConnectOptions {
    ConnectionOptions options = ConnectionOptions.DEFAULT;

    @Nullable
    Extensions extensions;

    ClientTls tls = ClientTls.platform();
    Resolver resolver = Resolver.system();
    AddressFilter addressFilter = AddressFilter.ANY;

    @Nullable
    Path unixSocket;

    @Nullable
    Executor executor;

    @Nullable
    Executor listenerExecutor;

    int connectsPerHost = 1;

    ConnectSettings() {}

    /** Copies all settings of another object. */
    final void copyFrom(ConnectSettings<?> other) {
        copyTimeoutsFrom(other);
        copyHttpFrom(other);
        options = other.options;
        extensions = other.extensions;
        tls = other.tls;
        resolver = other.resolver;
        addressFilter = other.addressFilter;
        unixSocket = other.unixSocket;
        executor = other.executor;
        listenerExecutor = other.listenerExecutor;
        connectsPerHost = other.connectsPerHost;
    }

    /**
     * Sets the limits and deadlines of the open connection.
     *
     * @param options the options; {@link ConnectionOptions#DEFAULT} by default
     * @return this
     */
    public S options(ConnectionOptions options) {
        this.options = requireNonNull(options);
        return self();
    }

    /**
     * Sets the extensions that the client offers.
     *
     * @param extensions the providers; by default all that {@link Extensions#load()} finds
     * @return this
     */
    public S extensions(Extensions extensions) {
        this.extensions = requireNonNull(extensions);
        return self();
    }

    /**
     * Sets trust and keys for {@code wss:}. The client checks the host of the URI with every trust manager.
     *
     * @param context the context; the platform's default by default
     * @return this
     */
    public S tls(SSLContext context) {
        return tls(ClientTls.of(context));
    }

    /**
     * Sets trust, keys, parameters and pins for {@code wss:}.
     *
     * @param tls {@link ClientTls#platform()} by default
     * @return this
     */
    public S tls(ClientTls tls) {
        this.tls = requireNonNull(tls);
        return self();
    }

    /**
     * Sets the resolver for host names.
     *
     * @param resolver {@link Resolver#system()} by default
     * @return this
     */
    public S resolver(Resolver resolver) {
        this.resolver = requireNonNull(resolver);
        return self();
    }

    /**
     * Sets the filter for addresses.
     *
     * @param filter {@link AddressFilter#ANY} by default; {@link AddressFilter#PUBLIC} if others choose the URIs
     * @return this
     */
    public S addressFilter(AddressFilter filter) {
        addressFilter = requireNonNull(filter);
        return self();
    }

    /**
     * Connects to a Unix domain socket of this machine, whatever host and port the URI names: these stand in the request, and
     * the certificate of a {@code wss:} URI has to be for that host. Nothing is looked up, and neither the proxy selector nor
     * the address filter is asked. Targets of redirects are asked for at the same socket.
     *
     * @param path the socket's file
     * @return this
     */
    public S unixSocket(Path path) {
        unixSocket = requireNonNull(path);
        return self();
    }

    /**
     * Sets the executor that calls the resolver, proxy selector, cookie handler and authenticator, and creates TLS
     * contexts. They may block, so the executor must not run them on the calling thread.
     *
     * @param executor by default daemon threads that all clients share and that end when they are idle. Calls for one
     *     host use at most two of them, so that a slow name delays only itself
     * @return this
     */
    public S executor(Executor executor) {
        this.executor = requireNonNull(executor);
        return self();
    }

    /**
     * Sets an executor that calls listeners, which may then block: {@code Executors.newVirtualThreadPerTaskExecutor()}
     * from Java 21 on, or a pool. The calls of one connection still come one at a time and in order, and each happens
     * before the next. A slow listener stops reading of its own connection only: up to 64 KiB wait for it. Meanwhile
     * the connection responds to pings, but it reports only the first 64 of them. The future of a connect may complete
     * before {@code onOpen} is called.
     *
     * <p>The listener receives its own buffers and texts. If the executor rejects a call, the connection ends with
     * 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the event loop.
     *
     * @param executor the executor, which the client does not stop. By default event loops call listeners
     * @return this
     */
    public S listenerExecutor(Executor executor) {
        listenerExecutor = requireNonNull(executor);
        return self();
    }

    /**
     * Sets how many connects to one host and port may run at a time in this process. More connects wait in order; the
     * waiting counts only for the {@linkplain #timeout overall timeout}.
     *
     * @param max 1 by default, which RFC 6455 §4.1 demands for each IP address; more for a load test, or if the servers
     *     allow it. Connects of other clients of the process to that host count too. With {@link Integer#MAX_VALUE} a
     *     connect does not wait, and does not count for others
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S connectsPerHost(int max) {
        connectsPerHost = positive("a number of connects", max);
        return self();
    }

    static int positive(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " is positive: " + number);
        }
        return number;
    }
}
