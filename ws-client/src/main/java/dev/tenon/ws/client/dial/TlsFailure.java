package dev.tenon.ws.client.dial;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Explains failures of TLS. */
public final class TlsFailure {
    private static final String ALERT = "Received fatal alert: ";

    private TlsFailure() {}

    /** Returns an exception with an explanation as its message, and the platform's exception as its cause. */
    public static SSLException explained(String server, SSLException failure) {
        SSLException explained = new SSLHandshakeException("TLS with " + server + " has failed: " + reason(failure));
        explained.initCause(failure);
        return explained;
    }

    private static String reason(SSLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason = reasonIn(cause);
            if (reason != null) {
                return reason;
            }
        }
        String message = String.valueOf(failure.getMessage());
        int alert = message.indexOf(ALERT);
        if (alert >= 0) {
            return "the server has refused the handshake: " + message.substring(alert + ALERT.length());
        }
        return failure.getMessage() == null ? failure.toString() : message;
    }

    private static @Nullable String reasonIn(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return "the server's certificate has expired (" + cause.getMessage() + ")";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "the server's certificate is not valid yet (" + cause.getMessage() + ")";
        }
        if (cause instanceof CertPathBuilderException) {
            return "the server's certificate is not trusted: no path to an authority that this client trusts";
        }
        if (cause instanceof CertPathValidatorException && !isAboutTime(cause.getCause())) {
            return "the server's certificate is not trusted: " + cause.getMessage();
        }
        if (cause.getClass() == CertificateException.class && isAboutNames(String.valueOf(cause.getMessage()))) {
            return "the server's certificate is for another host (" + cause.getMessage() + ")";
        }
        return null;
    }

    private static boolean isAboutTime(@Nullable Throwable cause) {
        return cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException;
    }

    /** Whether a message comes from the platform's check of host names. */
    private static boolean isAboutNames(String message) {
        return message.startsWith("No subject alternative") || message.startsWith("No name matching");
    }
}
