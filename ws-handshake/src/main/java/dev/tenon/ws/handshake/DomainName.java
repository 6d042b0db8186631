package dev.tenon.ws.handshake;

import java.net.IDN;

/**
 * Host names in other scripts, as their ASCII form (RFC 3490).
 *
 * <p>The JDK knows IDNA 2003 alone. Today's registries and browsers follow IDNA 2008 (RFC 5891, UTS 46), by which some
 * names lead to another host: {@code faß.de} was {@code fass.de} in 2003 and is {@code xn--fa-hia.de} since. A connection
 * must never go to another owner's host, so all names in which the two differ are refused. The characters were found by
 * comparing the JDK with UTS 46 of Unicode 16 for every code point, alone and inside names of several scripts.
 */
final class DomainName {
    /**
     * What IDNA 2003 maps to something else than UTS 46 does, in pairs of the first and the last of a range: sharp s and
     * final sigma, which it replaces; letters whose small form is younger than Unicode 3.2; fillers; selectors of variants;
     * ideographs whose normalization was corrected.
     */
    private static final int[] DIFFERENT = {
        0x00DF, 0x00DF, 0x034F, 0x034F, 0x03C2, 0x03C2, 0x04C0, 0x04C0, 0x10A0, 0x10C5, 0x115F, 0x1160, 0x17B4, 0x17B5,
        0x1806, 0x1806, 0x180B, 0x180D, 0x2132, 0x2132, 0x2183, 0x2183, 0x3164, 0x3164, 0xFE00, 0xFE0F, 0xFFA0, 0xFFA0,
        0x2F868, 0x2F868, 0x2F874, 0x2F874, 0x2F91F, 0x2F91F, 0x2F95F, 0x2F95F, 0x2F9BF, 0x2F9BF
    };

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

    /** Format characters are dropped, joiners among them, which IDNA 2008 keeps in some places. */
    private static void requireUnambiguous(int c) {
        boolean ambiguous = Character.getType(c) == Character.FORMAT;
        for (int i = 0; i < DIFFERENT.length; i += 2) {
            ambiguous |= c >= DIFFERENT[i] && c <= DIFFERENT[i + 1];
        }
        if (ambiguous) {
            throw new IllegalArgumentException(String.format(
                    "its host means different names by IDNA 2003 and IDNA 2008, because of the character U+%04X;"
                            + " write the name that you mean in its ASCII form, which begins with xn--",
                    c));
        }
    }
}
