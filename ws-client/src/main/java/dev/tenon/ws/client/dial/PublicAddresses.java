package dev.tenon.ws.client.dial;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** The addresses of the public internet: all except those of the IANA registries for special purposes (RFC 6890). */
public final class PublicAddresses {
    private static final class Block {
        private final byte[] prefix;
        private final int bits;

        Block(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            int mask = (0xFF00 >> (bits % 8)) & 0xFF;
            return Arrays.equals(address, 0, whole, prefix, 0, whole)
                    && (bits % 8 == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0);
        }
    }

    private static final List<Block> SPECIAL = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    /** In IPv6, all addresses outside 2000::/3 are special, and these blocks inside it. */
    private static final List<Block> SPECIAL_GLOBAL_UNICAST = blocks("2001::/23", "2001:db8::/32", "3fff::/20");

    private static final Block GLOBAL_UNICAST = block("2000::/3");
    private static final Block NAT64 = block("64:ff9b::/96");
    private static final Block SIX_TO_FOUR = block("2002::/16");

    private PublicAddresses() {}

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(PublicAddresses::block).toList();
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        InetAddress first = Addresses.literal(text.substring(0, slash));
        if (first == null) {
            throw new IllegalArgumentException(text);
        }
        return new Block(first.getAddress(), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Whether the address is one of the public internet. */
    public static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] address) {
        return SPECIAL.stream().noneMatch(block -> block.contains(address));
    }

    private static boolean isPublic6(byte[] address) {
        if (NAT64.contains(address)) { // RFC 6052: the last four bytes are an IPv4 address
            return isPublic4(Arrays.copyOfRange(address, 12, 16));
        }
        if (SIX_TO_FOUR.contains(address)) { // RFC 3056
            return isPublic4(Arrays.copyOfRange(address, 2, 6));
        }
        return GLOBAL_UNICAST.contains(address)
                && SPECIAL_GLOBAL_UNICAST.stream().noneMatch(block -> block.contains(address));
    }
}
