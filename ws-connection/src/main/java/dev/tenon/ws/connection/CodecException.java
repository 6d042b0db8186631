package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/** A {@link Codec} cannot make a message of a value, or a value of a message. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The number of the close code. */
    private final int closeCode;

    /**
     * A failure of a codec.
     *
     * @param closeCode what a connection is closed with if this was received
     * @param message what is wrong; it is not sent to the peer
     * @param cause what the codec has thrown, or null
     */
    public CodecException(CloseCode closeCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.closeCode = closeCode.value();
    }

    /**
     * The code with which the connection should be closed if the message was received (RFC 6455 §7.4.1).
     *
     * @return 1003 for a message of the wrong type, 1007 for one that cannot be decoded, unless the codec says otherwise
     */
    public CloseCode closeCode() {
        return new CloseCode(closeCode);
    }
}
