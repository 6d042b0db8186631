package dev.tenon.ws.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host name in the first message of a TLS client. It reports no errors: the TLS engine gets the same bytes, and
 * refuses what is malformed.
 */
final class ClientHello {
    /** The longest beginning of a connection that is read. */
    static final int LIMIT = 40 * 1024;

    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /**
     * Returns the host name in lower case, the empty string if there is none or this is not a ClientHello, or null if
     * more bytes are needed. Does not change the buffer.
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

    /** Copies the message out of its records (RFC 8446 §5.1); returns false if they are not handshake records. */
    private static boolean unpack(ByteBuffer records, ByteBuffer message) {
        while (records.hasRemaining()) {
            if (records.get() != HANDSHAKE_RECORD) {
                return message.position() > 0; // the message may be whole already
            }
            if (records.remaining() < 4) {
                return true;
            }
            records.getShort(); // a version, which has no meaning any more (RFC 8446 §5.1)
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
