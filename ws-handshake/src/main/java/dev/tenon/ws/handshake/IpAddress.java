package dev.tenon.ws.handshake;

import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses (RFC 4291 §2.2, dotted decimal) without a name server. */
final class IpAddress {
    private static final int IPV6 = 16;

    private IpAddress() {}

    /** Reads an address; IPv6 without brackets and zone. Null if the text is not an address. */
    static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? parse4(text) : parse6(text);
        try {
            // An IPv4 address mapped into IPv6 becomes IPv4.
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (IOException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    private static byte @Nullable [] parse4(String text) {
        byte[] bytes = new byte[4];
        int start = 0;
        for (int i = 0; i < 4; i++) {
            int dot = i == 3 ? text.length() : text.indexOf('.', start);
            if (dot <= start || dot - start > 3 || (dot - start > 1 && text.charAt(start) == '0')) {
                return null; // no leading zeros: some readers treat them as octal
            }
            long value = HttpSyntax.number(text.substring(start, dot));
            if (value < 0 || value > 255) {
                return null;
            }
            bytes[i] = (byte) value;
            start = dot + 1;
        }
        return bytes;
    }

    private static byte @Nullable [] parse6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = new byte[IPV6];
            return groups(text, all, 0) == IPV6 ? all : null;
        }
        byte[] bytes = new byte[IPV6];
        byte[] tail = new byte[IPV6];
        String before = text.substring(0, gap);
        String behind = text.substring(gap + 2);
        int first = before.isEmpty() ? 0 : groups(before, bytes, 0);
        int last = behind.isEmpty() ? 0 : groups(behind, tail, 0);
        if (first < 0 || last < 0 || before.indexOf('.') >= 0 || first + last >= IPV6) {
            return null; // a double colon replaces at least one group
        }
        System.arraycopy(tail, 0, bytes, IPV6 - last, last);
        return bytes;
    }

    /** Reads groups of up to four hexadecimal digits, the last two perhaps as IPv4; returns their end, or -1. */
    private static int groups(String text, byte[] target, int from) {
        int at = from;
        for (int start = 0; start <= text.length(); ) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            String group = text.substring(start, end);
            byte[] bytes = group.indexOf('.') >= 0 && colon < 0 ? parse4(group) : group(group);
            if (bytes == null || at + bytes.length > target.length) {
                return -1;
            }
            System.arraycopy(bytes, 0, target, at, bytes.length);
            at += bytes.length;
            start = end + 1;
        }
        return at;
    }

    private static byte @Nullable [] group(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return null;
            }
            value = (value << 4) | digit;
        }
        return text.isEmpty() || text.length() > 4 ? null : new byte[] {(byte) (value >> 8), (byte) value};
    }
}
