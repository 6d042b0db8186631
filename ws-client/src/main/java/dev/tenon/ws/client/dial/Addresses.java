package dev.tenon.ws.client.dial;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads literal addresses, and sorts the addresses of a host in the order of attempts. */
public final class Addresses {
    private Addresses() {}

    /**
     * Alternates between IPv4 and IPv6, beginning with the family of the first address, each in its given order (RFC
     * 8305 §4). Removes duplicates.
     */
    public static List<InetAddress> interleaved(List<InetAddress> addresses) {
        Deque<InetAddress> next = new ArrayDeque<>();
        Deque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : addresses.stream().distinct().toList()) {
            boolean asFirst = isIpv6(address) == isIpv6(addresses.get(0));
            (asFirst ? next : other).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>();
        while (!next.isEmpty() || !other.isEmpty()) {
            InetAddress address = next.poll();
            if (address != null) {
                ordered.add(address);
            }
            Deque<InetAddress> swap = next;
            next = other;
            other = swap;
        }
        return ordered;
    }

    private static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** Returns the address if the host is a literal one, or null if it is a name. */
    public static @Nullable InetAddress literal(String host) {
        try {
            return isLiteral(host) ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether the host is an IPv6 address, or four numbers as of an IPv4 address. */
    public static boolean isLiteral(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        int dots = 0;
        int number = -1;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' && number >= 0) {
                dots++;
                number = -1;
            } else if (c >= '0' && c <= '9') {
                number = Math.max(number, 0) * 10 + (c - '0');
            } else {
                return false;
            }
            if (number > 255) {
                return false;
            }
        }
        return dots == 3 && number >= 0;
    }

    /**
     * Returns the address as C's inet_aton reads it: one to four numbers, each decimal, octal or hexadecimal, where the
     * last one fills the remaining bytes. It may differ from Java's: {@code 0177.0.0.1}. Null if it is a name.
     */
    public static @Nullable InetAddress numeric(String host) {
        if (host.indexOf(':') >= 0) {
            return literal(host);
        }
        String[] parts = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            long part = number(parts[i]);
            int bits = i < parts.length - 1 ? 8 : 8 * (5 - parts.length);
            if (part < 0 || part >= 1L << bits) {
                return null;
            }
            address = (address << bits) | part;
        }
        byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns all addresses that different readers may understand; none if the host is a name. */
    public static List<InetAddress> readings(String host) {
        return Stream.of(Optional.ofNullable(literal(host)), Optional.ofNullable(numeric(host)))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** The value of a number in C's notation, or -1. */
    private static long number(String text) {
        int radix = 10;
        String digits = text;
        if (text.regionMatches(true, 0, "0x", 0, 2)) {
            radix = 16;
            digits = text.substring(2);
        } else if (text.length() > 1 && text.startsWith("0")) {
            radix = 8;
            digits = text.substring(1);
        }
        try {
            return digits.startsWith("+") || digits.startsWith("-") ? -1 : Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
