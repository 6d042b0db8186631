package dev.tenon.ws.handshake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads both versions of the PROXY protocol's header. */
final class ProxyHeaderReader {
    /** The first bytes of version 2, which no other protocol uses. */
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    private static final byte[] PROXY = "PROXY ".getBytes(US_ASCII);
    /** The longest line of version 1, with CRLF. */
    private static final int LONGEST_LINE = 107;

    private static final int FIXED = 16;
    private static final int COMMAND_LOCAL = 0x20;
    private static final int COMMAND_PROXY = 0x21;

    private ProxyHeaderReader() {}

    static @Nullable ProxyHeader read(ByteBuffer input) throws IOException {
        if (begins(input, SIGNATURE)) {
            return readBinary(input);
        }
        if (begins(input, PROXY)) {
            return readLine(input);
        }
        throw new IOException("the connection does not begin with a header of the PROXY protocol");
    }

    /** Whether the available bytes can be the beginning of a header. */
    private static boolean begins(ByteBuffer input, byte[] beginning) {
        int length = Math.min(input.remaining(), beginning.length);
        for (int i = 0; i < length; i++) {
            if (input.get(input.position() + i) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    // Version 1

    private static @Nullable ProxyHeader readLine(ByteBuffer input) throws IOException {
        int length = lineLength(input);
        if (length < 0) {
            return null;
        }
        byte[] line = new byte[length];
        input.get(line);
        String text = new String(line, 0, length - 2, US_ASCII);
        String[] words = text.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return ProxyHeader.UNKNOWN;
        }
        boolean known = words[1].equals("TCP4") || words[1].equals("TCP6");
        if (!known || words.length != 6) {
            throw malformed(text);
        }
        boolean six = words[1].equals("TCP6");
        return new ProxyHeader(address(words[2], words[4], six, text), address(words[3], words[5], six, text));
    }

    /** The length of the line with CRLF, or -1 if its end has not arrived. */
    private static int lineLength(ByteBuffer input) throws IOException {
        int most = Math.min(input.remaining(), LONGEST_LINE);
        for (int i = 0; i < most; i++) {
            if (input.get(input.position() + i) == '\n') {
                if (i < PROXY.length || input.get(input.position() + i - 1) != '\r') {
                    throw new IOException("a line of the PROXY protocol does not end with CRLF");
                }
                return i + 1;
            }
        }
        if (most == LONGEST_LINE) {
            throw new IOException("a line of the PROXY protocol is longer than " + LONGEST_LINE + " bytes");
        }
        return -1;
    }

    private static InetSocketAddress address(String host, String port, boolean six, String line) throws IOException {
        InetAddress address = host.indexOf(':') >= 0 == six ? IpAddress.parse(host) : null;
        long number = port.length() > 5 ? -1 : HttpSyntax.number(port);
        if (address == null || number < 0 || number > 65_535) {
            throw malformed(line);
        }
        return new InetSocketAddress(address, (int) number);
    }

    private static IOException malformed(String line) {
        return new IOException("malformed header of the PROXY protocol: " + HttpSyntax.quoted(line));
    }

    // Version 2

    private static @Nullable ProxyHeader readBinary(ByteBuffer input) throws IOException {
        if (input.remaining() < FIXED) {
            return null;
        }
        int start = input.position();
        int command = input.get(start + 12) & 0xFF;
        int family = input.get(start + 13) & 0xFF;
        int length = ((input.get(start + 14) & 0xFF) << 8) | (input.get(start + 15) & 0xFF);
        if (command != COMMAND_LOCAL && command != COMMAND_PROXY) {
            throw new IOException(
                    "unknown version or command of the PROXY protocol: 0x" + Integer.toHexString(command));
        }
        if (FIXED + length > ProxyHeader.MAX_LENGTH) {
            throw new IOException("a header of the PROXY protocol is longer than " + ProxyHeader.MAX_LENGTH + " bytes");
        }
        if (input.remaining() < FIXED + length) {
            return null;
        }
        ByteBuffer body = input.slice(start + FIXED, length);
        input.position(start + FIXED + length);
        return command == COMMAND_LOCAL ? ProxyHeader.UNKNOWN : addresses(body, family);
    }

    private static ProxyHeader addresses(ByteBuffer body, int family) throws IOException {
        int size = switch (family >> 4) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0; // unspecified, or a Unix domain socket: no IP address
        };
        if (size == 0) {
            return ProxyHeader.UNKNOWN;
        }
        if (body.remaining() < 2 * size + 4) {
            throw new IOException("a header of the PROXY protocol is shorter than its addresses");
        }
        InetAddress source = address(body, size);
        InetAddress destination = address(body, size);
        int sourcePort = body.getShort() & 0xFFFF;
        int destinationPort = body.getShort() & 0xFFFF;
        return new ProxyHeader(
                new InetSocketAddress(source, sourcePort), new InetSocketAddress(destination, destinationPort));
    }

    private static InetAddress address(ByteBuffer body, int size) throws IOException {
        byte[] bytes = new byte[size];
        body.get(bytes);
        return InetAddress.getByAddress(bytes);
    }
}
