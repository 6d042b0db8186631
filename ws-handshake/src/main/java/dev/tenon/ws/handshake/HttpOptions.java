package dev.tenon.ws.handshake;

import java.time.Duration;

/**
 * The limits and timeouts of an {@link HttpConnection}. Immutable. A duration that does not fit into a {@code long} of
 * nanoseconds means no timeout.
 *
 * @param headLimits the limits of a request's head
 * @param requestTimeout how long a client may take for a request, from the connection or the response before it to the
 *     end of its body. After that the server responds with 408, or closes the connection if no request has begun
 * @param responseTimeout how long the server may take for a response, until it sends 503; see {@link
 *     HttpConnection#responseTimeout}
 * @param sendTimeout how long the client may read nothing of a response, until the connection is aborted
 */
public record HttpOptions(
        HeadLimits headLimits, Duration requestTimeout, Duration responseTimeout, Duration sendTimeout) {
    /** {@link HeadLimits#DEFAULT}, 10 s for a request, 60 s for a response, 30 s without progress while sending. */
    public static final HttpOptions DEFAULT =
            new HttpOptions(HeadLimits.DEFAULT, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30));

    /**
     * Options.
     *
     * @param headLimits the limits of a head
     * @param requestTimeout the time for a request
     * @param responseTimeout the time for a response
     * @param sendTimeout the time without progress
     * @throws IllegalArgumentException if a timeout is not positive
     */
    public HttpOptions {
        requirePositive("requestTimeout", requestTimeout);
        requirePositive("responseTimeout", responseTimeout);
        requirePositive("sendTimeout", sendTimeout);
    }

    static void requirePositive(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + timeout);
        }
    }

    /**
     * Returns these options with other limits of a head.
     *
     * @param limits the limits
     * @return new options
     */
    public HttpOptions withHeadLimits(HeadLimits limits) {
        return new HttpOptions(limits, requestTimeout, responseTimeout, sendTimeout);
    }

    /**
     * Returns these options with another time limit for requests.
     *
     * @param timeout positive
     * @return new options
     * @throws IllegalArgumentException if it is not positive
     */
    public HttpOptions withRequestTimeout(Duration timeout) {
        return new HttpOptions(headLimits, timeout, responseTimeout, sendTimeout);
    }

    /**
     * Returns these options with another time limit for responses.
     *
     * @param timeout positive
     * @return new options
     * @throws IllegalArgumentException if it is not positive
     */
    public HttpOptions withResponseTimeout(Duration timeout) {
        return new HttpOptions(headLimits, requestTimeout, timeout, sendTimeout);
    }

    /**
     * Returns these options with another time limit for sending without progress.
     *
     * @param timeout positive
     * @return new options
     * @throws IllegalArgumentException if it is not positive
     */
    public HttpOptions withSendTimeout(Duration timeout) {
        return new HttpOptions(headLimits, requestTimeout, responseTimeout, timeout);
    }
}
