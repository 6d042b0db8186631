package dev.tenon.ws.client.dial;

import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Checks whether a certificate is for a host (RFC 9110 §4.3.4, RFC 9525), by its subject alternative names only. The
 * JDK checks this too, but not if the user's trust manager is an {@code X509ExtendedTrustManager}.
 */
public final class HostNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private HostNames() {}

    /**
     * Checks the server's certificate.
     *
     * @throws SSLException if it is not for the host
     */
    public static void check(String host, SSLSession session) throws SSLException {
        Certificate first = session.getPeerCertificates()[0];
        if (!(first instanceof X509Certificate certificate) || !isFor(host, certificate)) {
            throw new SSLPeerUnverifiedException("the server's certificate is for another host than " + host);
        }
    }

    static boolean isFor(String host, X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException malformed) {
            return false;
        }
        if (names == null) {
            return false;
        }
        InetAddress address = Addresses.literal(host);
        return names.stream()
                .anyMatch(name -> address == null
                        ? name.get(0).equals(DNS_NAME) && matches(host, String.valueOf(name.get(1)))
                        : name.get(0).equals(IP_ADDRESS)
                                && address.equals(Addresses.literal(String.valueOf(name.get(1)))));
    }

    /** RFC 9525 §6.3: a wildcard is the whole left-most label, stands for exactly one, and two labels follow it. */
    static boolean matches(String host, String pattern) {
        String name = withoutDot(host).toLowerCase(Locale.ROOT);
        String wanted = withoutDot(pattern).toLowerCase(Locale.ROOT);
        if (!wanted.startsWith("*.")) {
            return !wanted.isEmpty() && name.equals(wanted);
        }
        String domain = wanted.substring(1);
        int dot = name.indexOf('.');
        return dot > 0 && name.substring(dot).equals(domain) && domain.indexOf('.', 1) > 0 && domain.indexOf('*') < 0;
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
