package dev.tenon.ws.frame;

/**
 * A rule for an open connection. A receiver fails the connection with {@link #closeCode()} when the peer breaks it (RFC
 * 6455 §7.1.7). The rules of RFC 6455 are enums; those of an extension are {@link ExtensionViolation}s.
 */
public sealed interface ConnectionViolation extends Violation
        permits FrameViolation, MessageViolation, CloseViolation, LimitViolation, ExtensionViolation {
    /**
     * Returns the code to fail the connection with.
     *
     * @return a code that {@linkplain CloseCode#isSendable() may be sent}
     */
    default CloseCode closeCode() {
        return new CloseCode(rule().code());
    }

    /**
     * Returns the exception that fails the connection for this violation.
     *
     * @return a new exception
     */
    default ProtocolException toException() {
        return new ProtocolException(this);
    }
}
