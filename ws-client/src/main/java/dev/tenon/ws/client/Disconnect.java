package dev.tenon.ws.client;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The end of an open connection, or a failed connect.
 *
 * @param event the end of the connection; null if none was open
 * @param cause the failure of the connect, or the cause of the event; null for an end without a failure
 * @param failures the number of disconnects in a row; 1 after a stable connection
 */
public record Disconnect(
        @Nullable CloseEvent event, @Nullable Throwable cause, int failures) {
    private static final Set<CloseCode> TRANSIENT = Set.of(
            CloseCode.GOING_AWAY,
            CloseCode.NO_STATUS_RECEIVED,
            CloseCode.ABNORMAL_CLOSURE,
            CloseCode.INTERNAL_ERROR,
            CloseCode.SERVICE_RESTART,
            CloseCode.TRY_AGAIN_LATER,
            CloseCode.BAD_GATEWAY);

    /**
     * Returns the close code of the connection.
     *
     * @return the code, 1005 and 1006 included; 0 if no connection was open
     */
    public int code() {
        return event == null ? 0 : event.code().value();
    }

    /**
     * Returns the HTTP status with which a server or a proxy has refused to connect.
     *
     * @return the status; 0 if a connection was open, or there was no response
     */
    public int status() {
        if (cause instanceof HandshakeException refusal) {
            return refusal.status();
        }
        return cause instanceof ProxyException refusal ? refusal.status() : 0;
    }

    /**
     * Whether another attempt may succeed.
     *
     * <ul>
     * <li>After an open connection: true if it was lost without a Close frame (1006), or if the server has ended it
     * without a code (1005) or with 1001, 1011, 1012, 1013 or 1014. False after any other code, such as 1000 or one of
     * an application, and if the listener of this end has thrown.
     * <li>After a failed connect: true if the network has failed, a timeout is over or a response is missing, or if a
     * server or proxy has responded with 408, 425, 429 or 5xx. False after any other response, and if TLS has failed,
     * the address filter allows no address, or code of this end has thrown.
     * </ul>
     *
     * @return true if waiting may help
     */
    public boolean isTransient() {
        if (event != null) {
            boolean ownFault = cause != null && !(cause instanceof IOException);
            return !ownFault && TRANSIENT.contains(event.code());
        }
        if (status() > 0) {
            return isTransient(status());
        }
        if (cause instanceof HandshakeException noResponse) {
            return noResponse.getCause() instanceof IOException;
        }
        return cause instanceof IOException failure && isTransient(failure);
    }

    private static boolean isTransient(IOException failure) {
        Throwable reason = failure.getCause();
        boolean ownFault = reason instanceof RuntimeException || reason instanceof Error;
        return !ownFault && !(failure instanceof SSLException || failure instanceof AddressRejectedException);
    }

    private static boolean isTransient(int status) {
        return status >= 500 || status == 408 || status == 425 || status == 429;
    }
}
