package dev.tenon.ws.handshake;

/**
 * The zone of an IPv6 address, which names the network interface of a link-local address (RFC 4007 §11, RFC 6874).
 * Inside this library it follows a percent sign, as in the JDK: {@code fe80::1%eth0}.
 */
final class HostZone {
    private HostZone() {}

    /**
     * Decodes the text between the brackets of a URI: {@code %25} begins the zone; if lenient, a bare percent sign does
     * too.
     */
    static String decode(String bracketed, boolean lenient) {
        int percent = bracketed.indexOf('%');
        if (percent < 0) {
            return bracketed;
        }
        boolean encoded = bracketed.startsWith("25", percent + 1) && bracketed.length() > percent + 3;
        if (!encoded && !lenient) {
            return bracketed.substring(0, percent) + "%%"; // isValid refuses this zone
        }
        return bracketed.substring(0, percent + 1) + bracketed.substring(percent + (encoded ? 3 : 1));
    }

    /** The host without its zone, as the peer may see it (RFC 6874 §4). */
    static String without(String host) {
        int percent = host.indexOf('%');
        return percent < 0 ? host : host.substring(0, percent);
    }

    /** The host as it is written in a URI, in brackets if it is an IPv6 address. */
    static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host.replace("%", "%25") + "]";
    }

    /** Whether the host has no zone, or is an IPv6 address with a zone of unreserved characters (RFC 6874 §2). */
    static boolean isValid(String host) {
        int percent = host.indexOf('%');
        return percent < 0
                || (host.lastIndexOf(':', percent) >= 0
                        && percent + 1 < host.length()
                        && host.chars().skip(percent + 1L).allMatch(HostZone::isUnreserved));
    }

    private static boolean isUnreserved(int c) {
        return HttpSyntax.isNameChar(c) || c == '.' || c == '~';
    }
}
