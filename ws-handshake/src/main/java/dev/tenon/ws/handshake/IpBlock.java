package dev.tenon.ws.handshake;

import java.net.InetAddress;

/** A block of IP addresses in CIDR notation, or one address (RFC 4632 §3.1, RFC 4291 §2.3). */
final class IpBlock {
    private final byte[] prefix;
    private final int bits;

    private IpBlock(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    static IpBlock parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw malformed(text);
        }
        byte[] bytes = address.getAddress();
        int all = bytes.length * 8;
        long length = slash < 0 ? all : HttpSyntax.number(text.substring(slash + 1));
        if (length < 0 || length > all) {
            throw malformed(text);
        }
        IpBlock block = new IpBlock(bytes, (int) length);
        for (int bit = block.bits; bit < all; bit++) {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                throw new IllegalArgumentException("not a block of addresses: " + HttpSyntax.quoted(text)
                        + " has bits behind its prefix; write its first address");
            }
        }
        return block;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "an IP address, or a block such as 10.0.0.0/8 or fd00::/8, is expected, not "
                        + HttpSyntax.quoted(text));
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((bytes[whole] ^ prefix[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
    }
}
