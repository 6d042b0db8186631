package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to connect. The same methods set the defaults of a client ({@link WebSocketClient.Builder}) and what one connect does
 * differently ({@link ConnectRequest#with}). Not thread-safe.
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
    Executor executor;

    @Nullable
    Executor listenerExecutor;

    int connectsPerHost = 1;

    ConnectSettings() {}

    /** Takes all settings from others. */
    final void copyFrom(ConnectSettings<?> other) {
        copyTimeoutsFrom(other);
        copyHttpFrom(other);
        options = other.options;
        extensions = other.extensions;
        tls = other.tls;
        resolver = other.resolver;
        addressFilter = other.addressFilter;
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
     * Sets the extensions that are offered.
     *
     * @param extensions the providers; by default all that {@link Extensions#load()} finds
     * @return this
     */
    public S extensions(Extensions extensions) {
        this.extensions = requireNonNull(extensions);
        return self();
    }

    /**
     * Sets trust and keys for {@code wss:}. Whatever they trust, the certificate has to be for the host of the URI.
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
     * Sets how addresses are found.
     *
     * @param resolver {@link Resolver#system()} by default
     * @return this
     */
    public S resolver(Resolver resolver) {
        this.resolver = requireNonNull(resolver);
        return self();
    }

    /**
     * Sets which addresses may be connected to.
     *
     * @param filter {@link AddressFilter#ANY} by default; {@link AddressFilter#PUBLIC} where others choose the URIs
     * @return this
     */
    public S addressFilter(AddressFilter filter) {
        addressFilter = requireNonNull(filter);
        return self();
    }

    /**
     * Sets where the resolver, proxy selector, cookie handler and authenticator are called. They may block; so the executor
     * must not run them on the thread that calls it.
     *
     * @param executor by default daemon threads that all clients share and that end when there is nothing to do. Calls for
     *     one host take at most two of them, so that a name that hangs holds up itself alone
     * @return this
     */
    public S executor(Executor executor) {
        this.executor = requireNonNull(executor);
        return self();
    }

    /**
     * Has listeners called on an executor, where they may block: {@code Executors.newVirtualThreadPerTaskExecutor()}
     * from Java 21 on, or a pool. The calls of one connection still come one at a time and in order, and each sees what
     * those before it have done. A slow listener stops the reading of its own connection and of no other: up to
     * 64 KiB wait for it, and pings are answered meanwhile, though it is told of the first 64 only. The future of a
     * connect may complete before {@code onOpen} is called there.
     *
     * <p>What is called there is given buffers and texts of its own. If the executor rejects a call, the connection ends
     * with 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the event loop.
     *
     * @param executor runs what it takes; not stopped by the client. Event loops call listeners by default
     * @return this
     */
    public S listenerExecutor(Executor executor) {
        listenerExecutor = requireNonNull(executor);
        return self();
    }

    /**
     * Sets how many connects to one host and port may be under way at a time in this process. More wait for their turn, in
     * their order, and that counts for the {@linkplain #timeout overall timeout} alone.
     *
     * @param max 1 by default, as RFC 6455 §4.1 demands; a load test, or a client of servers that agree to it, may set
     *     more. The connects of others to that host count too
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
