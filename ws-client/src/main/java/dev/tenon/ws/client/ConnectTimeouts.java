package dev.tenon.ws.client;

import dev.tenon.ws.client.step.Nanos;
import java.time.Duration;

/**
 * The timeouts of a connect and its steps. Each one begins with its step; a duration that does not fit into a
 * {@code long} of nanoseconds means no timeout. After a timeout the connect fails with a {@link
 * java.net.SocketTimeoutException} that names the step. Not thread-safe.
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
     * Sets the timeout for the look-up of a host.
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
     * Sets the timeout for a TCP connection to any of the host's addresses.
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
     * Sets the timeout for each of these: the creation of a TLS context, a proxy's response, the TLS handshake, the opening
     * handshake.
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
     * Sets the timeout for each call of the proxy selector, the cookie handler and the authenticator.
     *
     * @param timeout 10 s by default; set more if an authenticator asks a person
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S handlerTimeout(Duration timeout) {
        handlerTimeout = positive(timeout);
        return self();
    }

    /**
     * Sets the delay until the client tries the next address of a host too, if one has not connected yet (RFC 8305 §5).
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
