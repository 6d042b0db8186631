package dev.tenon.ws.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the first message of a TLS client for the host that it asks for. Judges nothing: whatever is not understood
 * is left to the engine, which sees the same bytes.
 */
final class ClientHello {
    /** The longest beginning of a connection that is looked at. */
    static final int LIMIT = 40 * 1024;

    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /**
     * The host's name in lower case, or the empty string if there is none or this is no ClientHello; null as long as more
     * bytes are needed to tell. Leaves the buffer as it is.
     */
    static @Nullable String host(ByteBuffer records) {
        ByteBuffer message = ByteBuffer.allocate(records.remaining());
        try {
            if (!unpack(records.duplicate(), message)) {
                return "";
            }
            message.flip();
            if (message.remaining() < 4) {
                return records.remaining() >= LIMIT ? "" : null;
            }
            int length = message.getInt() & 0xFFFFFF;
            if (message.get(0) != CLIENT_HELLO) {
                return "";
            }
            if (message.remaining() < length) {
                return length > LIMIT || records.remaining() >= LIMIT ? "" : null;
            }
            return hostIn(message.limit(4 + length));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return "";
        }
    }

    /** Takes what is there out of its records (RFC 8446 §5.1); returns whether they are what a ClientHello comes in. */
    private static boolean unpack(ByteBuffer records, ByteBuffer message) {
        while (records.hasRemaining()) {
            if (records.get() != HANDSHAKE_RECORD) {
                return message.position() > 0; // the message may be whole already
            }
            if (records.remaining() < 4) {
                return true;
            }
            records.getShort(); // a version, which nobody looks at any more
            int length = records.getShort() & 0xFFFF;
            int there = Math.min(length, records.remaining());
            message.put(records.slice(records.position(), there));
            records.position(records.position() + there);
        }
        return true;
    }

    /** RFC 8446 §4.1.2, RFC 6066 §3. */
    private static String hostIn(ByteBuffer hello) {
        skip(hello, 2 + 32); // version, random
        skip(hello, hello.get() & 0xFF); // session
        skip(hello, hello.getShort() & 0xFFFF); // cipher suites
        skip(hello, hello.get() & 0xFF); // compression methods
        int end = hello.getShort() & 0xFFFF;
        end += hello.position();
        while (hello.position() < end) {
            int type = hello.getShort();
            int length = hello.getShort() & 0xFFFF;
            if (type == SERVER_NAME) {
                hello.getShort(); // the length of a list, which holds one name of each type
                return hello.get() == HOST_NAME ? name(hello) : "";
            }
            skip(hello, length);
        }
        return "";
    }

    private static String name(ByteBuffer hello) {
        byte[] name = new byte[hello.getShort() & 0xFFFF];
        hello.get(name);
        return new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    }

    private static void skip(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
    }
}
