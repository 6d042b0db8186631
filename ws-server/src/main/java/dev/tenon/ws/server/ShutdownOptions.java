package dev.tenon.ws.server;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import java.time.Duration;

/**
 * Options of {@link WebSocketServer#stop(ShutdownOptions)}. Immutable.
 *
 * <pre>{@code
 * |-- notice ---------|-- spread -----------------------|-- the rest of the deadline --|
 *   not ready,          no new connections, WebSockets    connections that have not
 *   still accepts       are closed one after the other    ended are aborted at its end
 * }</pre>
 *
 * @param deadline how long all of it may take
 * @param notice how long the server still accepts connections although it is not {@linkplain WebSocketServer#isReady
 *     ready}, so that load balancers notice; 0 by default
 * @param spread the time over which the WebSockets are closed, in random order, so that their clients do not all
 *     reconnect at once; 0 by default
 * @param code the code of the Close frames; 1001 by default
 * @param reason the reason in the Close frames; empty by default
 */
public record ShutdownOptions(Duration deadline, Duration notice, Duration spread, CloseCode code, String reason) {
    /**
     * Makes options.
     *
     * @param deadline not negative
     * @param notice not negative
     * @param spread not negative
     * @param code a code that may be sent
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if a duration is negative, if notice and spread take the whole deadline, or if
     *     code and reason cannot be sent in a Close frame
     */
    public ShutdownOptions {
        if (deadline.isNegative() || notice.isNegative() || spread.isNegative()) {
            throw new IllegalArgumentException(
                    "no time is negative: deadline " + deadline + ", notice " + notice + ", spread " + spread);
        }
        Duration before = notice.plus(spread);
        if (!before.isZero() && before.compareTo(deadline) >= 0) {
            throw new IllegalArgumentException("a notice of " + notice + " and a spread of " + spread
                    + " leave no time for the last closing handshakes before the deadline of " + deadline);
        }
        new ClosePayload(code, reason); // throws if it cannot be sent
    }

    /**
     * Makes options that close all WebSockets at once, with 1001.
     *
     * @param deadline after this time, connections that have not ended are aborted
     * @return options
     * @throws IllegalArgumentException if it is negative
     */
    public static ShutdownOptions within(Duration deadline) {
        return new ShutdownOptions(deadline, Duration.ZERO, Duration.ZERO, CloseCode.GOING_AWAY, "");
    }

    /**
     * Returns these options with a notice.
     *
     * @param duration how long the server still accepts connections although it is not ready
     * @return new options
     * @throws IllegalArgumentException if it is negative, or no time is left before the deadline
     */
    public ShutdownOptions withNotice(Duration duration) {
        return new ShutdownOptions(deadline, duration, spread, code, reason);
    }

    /**
     * Returns these options with closes that are spread over time.
     *
     * @param duration from the first close to the last
     * @return new options
     * @throws IllegalArgumentException if it is negative, or no time is left before the deadline
     */
    public ShutdownOptions withSpread(Duration duration) {
        return new ShutdownOptions(deadline, notice, duration, code, reason);
    }

    /**
     * Returns these options with another Close frame.
     *
     * @param code for example {@link CloseCode#SERVICE_RESTART}
     * @param reason at most 123 bytes of UTF-8
     * @return new options
     * @throws IllegalArgumentException if they cannot be sent in a Close frame
     */
    public ShutdownOptions withClose(CloseCode code, String reason) {
        return new ShutdownOptions(deadline, notice, spread, code, reason);
    }
}
