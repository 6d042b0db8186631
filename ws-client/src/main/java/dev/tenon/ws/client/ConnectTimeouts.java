package dev.tenon.ws.client;

import dev.tenon.ws.client.step.Nanos;
import java.time.Duration;

/**
 * How long a connect and its steps may take. Each deadline runs from the start of its step; what does not fit into a
 * {@code long} of nanoseconds means for ever. When a deadline passes, the connect fails with a
 * {@link java.net.SocketTimeoutException} that names the step. Not thread-safe.
 *
 * @param <S> the type of the settings themselves
 */
public abstract sealed class ConnectTimeouts<S extends ConnectTimeouts<S>> permits HttpSettings {
    long timeout = Nanos.of(Duration.ofSeconds(60));
    long resolveTimeout = Nanos.of(Duration.ofSeconds(10));
    long connectTimeout = resolveTimeout;
    long handshakeTimeout = resolveTimeout;
    long handlerTimeout = resolveTimeout;
    long stagger = Nanos.of(Duration.ofMillis(250));

    ConnectTimeouts() {}

    final void copyTimeoutsFrom(ConnectTimeouts<?> other) {
        timeout = other.timeout;
        resolveTimeout = other.resolveTimeout;
        connectTimeout = other.connectTimeout;
        handshakeTimeout = other.handshakeTimeout;
        handlerTimeout = other.handlerTimeout;
        stagger = other.stagger;
    }

    abstract S self();

    /**
     * Sets how long a connect may take in all: waiting for a turn, looking up, redirects and challenges included.
     *
     * @param timeout 60 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S timeout(Duration timeout) {
        this.timeout = positive(timeout);
        return self();
    }

    /**
     * Sets how long looking up a host may take, from when the connect needs the address.
     *
     * @param timeout 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S resolveTimeout(Duration timeout) {
        resolveTimeout = positive(timeout);
        return self();
    }

    /**
     * Sets how long it may take until there is a TCP connection, to any of the host's addresses.
     *
     * @param timeout 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S connectTimeout(Duration timeout) {
        connectTimeout = positive(timeout);
        return self();
    }

    /**
     * Sets how long each response on a TCP connection may take: that of a proxy, the TLS handshake, the opening handshake.
     *
     * @param timeout 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S handshakeTimeout(Duration timeout) {
        handshakeTimeout = positive(timeout);
        return self();
    }

    /**
     * Sets how long each call of the proxy selector, the cookie handler and the authenticator may take.
     *
     * @param timeout 10 s by default; more where an authenticator asks a person
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S handlerTimeout(Duration timeout) {
        handlerTimeout = positive(timeout);
        return self();
    }

    /**
     * Sets how long one address of a host has to connect, before the next one is tried as well (RFC 8305 §5).
     *
     * @param delay 250 ms by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S stagger(Duration delay) {
        stagger = positive(delay);
        return self();
    }

    private static long positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is positive: " + timeout);
        }
        return Nanos.of(timeout);
    }
}
