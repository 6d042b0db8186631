package dev.tenon.ws.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses of a host: literals, and the order in which several are tried. */
final class Addresses {
    private Addresses() {}

    /**
     * The families in turn, beginning with that of the first, each in its given order (RFC 8305 §4). Duplicates are left
     * out.
     */
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
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

    /** The address that a host is in itself, or null if it is a name. */
    static @Nullable InetAddress literal(String host) {
        try {
            return isLiteral(host) ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether the host is an IPv6 address, or four numbers as of an IPv4 address. */
    static boolean isLiteral(String host) {
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
}
