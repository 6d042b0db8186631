package dev.tenon.ws.client;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An open connection that has ended, or a connect that has failed.
 *
 * @param event how the connection has ended; null if none was open
 * @param cause why connecting has failed, or the cause of the event; null for an end that nothing went wrong with
 * @param failures how many losses in a row this makes; 1 after a connection that was stable
 */
public record Loss(@Nullable CloseEvent event, @Nullable Throwable cause, int failures) {
    private static final Set<CloseCode> PASSING = Set.of(
            CloseCode.GOING_AWAY,
            CloseCode.ABNORMAL_CLOSURE,
            CloseCode.INTERNAL_ERROR,
            CloseCode.SERVICE_RESTART,
            CloseCode.TRY_AGAIN_LATER,
            CloseCode.BAD_GATEWAY);

    /**
     * Whether another attempt may do better.
     *
     * <ul>
     *   <li>Of an open connection: if it was lost without a Close frame (1006), or the server has ended it with 1001, 1011,
     *       1012, 1013 or 1014. Not after any other code, 1000 and those of an application included, nor if this end's
     *       listener has thrown.
     *   <li>Of a connect: if the network, a deadline, or an answer that did not come was the reason, or the status was 408,
     *       425, 429 or 5xx, of a server or a proxy. Not after any other answer, nor if TLS has failed.
     * </ul>
     *
     * @return true if waiting may help
     */
    public boolean isTransient() {
        if (event != null) {
            boolean ownFault = cause != null && !(cause instanceof IOException);
            return !ownFault && PASSING.contains(event.code());
        }
        if (cause instanceof HandshakeException refusal) {
            return refusal.response() == null ? refusal.getCause() instanceof IOException : mayPass(refusal.status());
        }
        if (cause instanceof ProxyException refusal) {
            return refusal.status() == 0 || mayPass(refusal.status());
        }
        return cause instanceof IOException && !(cause instanceof SSLException);
    }

    private static boolean mayPass(int status) {
        return status >= 500 || status == 408 || status == 425 || status == 429;
    }
}
