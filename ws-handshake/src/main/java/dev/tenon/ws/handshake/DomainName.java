package dev.tenon.ws.handshake;

import java.net.IDN;

/**
 * Host names in other scripts, as their ASCII form (RFC 3490).
 *
 * <p>The JDK knows IDNA 2003 alone. Today's registries and browsers follow IDNA 2008 (RFC 5891, UTS 46), by which some
 * names lead to another host: {@code faß.de} was {@code fass.de} in 2003 and is {@code xn--fa-hia.de} since. A connection
 * must never go to another owner's host, so all names in which the two differ are refused.
 */
final class DomainName {
    /** Characters that IDNA 2003 replaces by others and IDNA 2008 keeps (UTS 46 §7). */
    private static final String DEVIATIONS = "\u00DF\u03C2";

    /** Not format characters by category, but dropped by IDNA 2003 like those (RFC 3454 B.1). */
    private static final String DROPPED = "\u034F\u1806\u180B\u180C\u180D";

    /** Ideographs whose normalization was corrected after IDNA 2003 had been fixed to Unicode 3.2 (Corrigendum 4). */
    private static final int[] CORRECTED = {0x2F868, 0x2F874, 0x2F91F, 0x2F95F, 0x2F9BF};

    private DomainName() {}

    /**
     * The ASCII form of a name.
     *
     * @param name a host name, without a port
     * @return the name if it is ASCII already; its form with {@code xn--} labels else
     * @throws IllegalArgumentException if it has none, or not the same by all rules; the message says why, as the rest of a
     *     sentence about the host
     */
    static String toAscii(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) {
            return name;
        }
        name.codePoints().forEach(DomainName::requireUnambiguous);
        String ascii;
        try {
            ascii = IDN.toASCII(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its host has no ASCII form", e);
        }
        if (!ascii.chars().allMatch(c -> HttpSyntax.isNameChar(c) || c == '.')) { // wide colons, slashes and the like
            throw new IllegalArgumentException("its host has no ASCII form");
        }
        return ascii;
    }

    private static void requireUnambiguous(int c) {
        boolean ambiguous = DEVIATIONS.indexOf(c) >= 0
                || DROPPED.indexOf(c) >= 0
                || (c >= 0xFE00 && c <= 0xFE0F)
                || Character.getType(c) == Character.FORMAT;
        for (int corrected : CORRECTED) {
            ambiguous |= c == corrected;
        }
        if (ambiguous) {
            throw new IllegalArgumentException(String.format(
                    "its host means different names by IDNA 2003 and IDNA 2008, because of the character U+%04X;"
                            + " write the name that you mean in its ASCII form, which begins with xn--",
                    c));
        }
    }
}
