package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/** A {@link Codec} cannot encode a value or decode a message. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The close code as a number. */
    private final int closeCode;

    /**
     * Creates an exception.
     *
     * @param closeCode the code with which the connection is closed if a received message caused the exception
     * @param message what is wrong; it is not sent to the peer
     * @param cause the exception that the codec has thrown, or null
     */
    public CodecException(CloseCode closeCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.closeCode = closeCode.value();
    }

    /**
     * Returns the close code of the connection if a received message caused the exception (RFC 6455 §7.4.1).
     *
     * @return 1003 for a message of the wrong type, 1007 for a message that cannot be decoded, unless the codec chooses
     *     another code
     */
    public CloseCode closeCode() {
        return new CloseCode(closeCode);
    }
}
