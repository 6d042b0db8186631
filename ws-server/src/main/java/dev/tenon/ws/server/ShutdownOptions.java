package dev.tenon.ws.server;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import java.time.Duration;

/**
 * How a server stops, for {@link WebSocketServer#stop(ShutdownOptions)}. Immutable.
 *
 * <pre>{@code
 * |-- notice ---------|-- spread -----------------------|-- the rest of the deadline --|
 *   not ready,          no new connections, WebSockets    those that have not ended
 *   goes on to accept   are closed one after the other    are aborted at its end
 * }</pre>
 *
 * @param deadline how long all of it may take
 * @param notice how long the server is not {@linkplain WebSocketServer#isReady ready} before it stops accepting, so that
 *     load balancers take note; 0 by default
 * @param spread over how long the WebSockets are closed, in random order, so that their clients do not all come back at
 *     once; 0 by default
 * @param code the code of the Close frames; 1001 by default
 * @param reason the reason beside it; empty by default
 */
public record ShutdownOptions(Duration deadline, Duration notice, Duration spread, CloseCode code, String reason) {
    /**
     * Options.
     *
     * @param deadline positive
     * @param notice not negative
     * @param spread not negative
     * @param code a code that may travel
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if a duration is negative, if notice and spread leave nothing of the deadline, or if
     *     code and reason cannot stand in a Close frame
     */
    public ShutdownOptions {
        if (deadline.isNegative() || notice.isNegative() || spread.isNegative()) {
            throw new IllegalArgumentException(
                    "a shutdown takes no negative time: " + deadline + ", notice " + notice + ", spread " + spread);
        }
        Duration before = notice.plus(spread);
        if (!before.isZero() && before.compareTo(deadline) >= 0) {
            throw new IllegalArgumentException("a notice of " + notice + " and a spread of " + spread
                    + " leave nothing of the deadline of " + deadline + " to the last closing handshakes");
        }
        new ClosePayload(code, reason); // refuses what cannot travel
    }

    /**
     * Closes all WebSockets at once, with 1001.
     *
     * @param deadline how long it may take until what is left is aborted
     * @return options
     * @throws IllegalArgumentException if it is negative
     */
    public static ShutdownOptions within(Duration deadline) {
        return new ShutdownOptions(deadline, Duration.ZERO, Duration.ZERO, CloseCode.GOING_AWAY, "");
    }

    /**
     * The same with a notice.
     *
     * @param duration how long the server is not ready, and goes on to accept
     * @return new options
     * @throws IllegalArgumentException if it is negative, or nothing of the deadline is left
     */
    public ShutdownOptions withNotice(Duration duration) {
        return new ShutdownOptions(deadline, duration, spread, code, reason);
    }

    /**
     * The same with closes that are spread over time.
     *
     * @param duration from the first close to the last
     * @return new options
     * @throws IllegalArgumentException if it is negative, or nothing of the deadline is left
     */
    public ShutdownOptions withSpread(Duration duration) {
        return new ShutdownOptions(deadline, notice, duration, code, reason);
    }

    /**
     * The same with another Close frame.
     *
     * @param code for example {@link CloseCode#SERVICE_RESTART}
     * @param reason at most 123 bytes of UTF-8
     * @return new options
     * @throws IllegalArgumentException if they cannot stand in a Close frame
     */
    public ShutdownOptions withClose(CloseCode code, String reason) {
        return new ShutdownOptions(deadline, notice, spread, code, reason);
    }
}
