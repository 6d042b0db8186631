package dev.tenon.ws.handshake;

import java.net.IDN;

/**
 * Converts host names in other scripts to ASCII (RFC 3490).
 *
 * <p>The JDK implements IDNA 2003 only. Today's registries and browsers follow IDNA 2008 (RFC 5891, UTS 46), in which
 * some names mean another host: {@code faß.de} was {@code fass.de} in 2003 and is {@code xn--fa-hia.de} now. A
 * connection must never go to another owner's host, so all names for which the two differ are refused. The characters
 * were found by comparing the JDK with UTS 46 of Unicode 16 for every code point, alone and inside names of several
 * scripts.
 */
final class DomainName {
    /**
     * The code points that IDNA 2003 and UTS 46 map differently, as pairs of the first and the last of a range: sharp s
     * and final sigma; letters whose lower case form was added after Unicode 3.2; fillers; variation selectors;
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
     * @return the name itself if it is ASCII, otherwise its form with {@code xn--} labels
     * @throws IllegalArgumentException if it has no ASCII form, or the standards differ about it; the message says why,
     *     as the rest of a sentence about the host
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

    /** Refuses format characters: IDNA 2003 drops them, IDNA 2008 keeps some of them, such as joiners. */
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
