package dev.tenon.ws.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host name in the first message of a TLS client, which may arrive in many pieces. It goes through the headers
 * of the records until the message is whole, and reads that once. It reports no errors: the TLS engine gets the same
 * bytes, and refuses what is malformed.
 *
 * <pre>
 *     record header (5) | type (1), length (3), message …| record header | … message | …
 *                                                             at ┘ └ left: of this record
 * </pre>
 */
final class ClientHello {
    /** The longest beginning of a connection that is read. */
    static final int LIMIT = 40 * 1024;

    private static final int HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    /** The index of the first byte that was not counted yet. */
    private int at;
    /** How many bytes of the current record are missing. */
    private int left;
    /** How many bytes of the message were counted. */
    private int count;
    /** The first four bytes of the message, as far as they were counted. */
    private int head;

    private int steps;

    /**
     * Returns the host name in lower case, the empty string if there is none or this is not a ClientHello, or null if
     * more bytes are needed.
     *
     * @param records all bytes from the first one on, from index 0 to the limit; not changed. Each call goes on where the
     *     one before has ended
     */
    @Nullable
    String host(ByteBuffer records) {
        while (!isWhole() && at < records.limit()) {
            steps++;
            if (left > 0) {
                countMessage(records);
            } else if (records.get(at) != HANDSHAKE_RECORD) {
                return "";
            } else if (records.limit() - at < HEADER) {
                break;
            } else { // the version in the header has no meaning any more (RFC 8446 §5.1)
                left = records.getShort(at + 3) & 0xFFFF;
                at += HEADER;
            }
        }
        boolean useless = count >= MESSAGE_HEADER && (head >>> 24 != CLIENT_HELLO || length() > LIMIT);
        if (isWhole() && !useless) {
            return hostIn(unpack(records));
        }
        return useless || records.limit() >= LIMIT ? "" : null;
    }

    private void countMessage(ByteBuffer records) {
        int length = Math.min(left, records.limit() - at);
        for (int i = 0; i < length && count + i < MESSAGE_HEADER; i++) {
            head = (head << 8) | (records.get(at + i) & 0xFF);
        }
        at += length;
        left -= length;
        count += length;
    }

    private int length() {
        return head & 0xFFFFFF;
    }

    private boolean isWhole() {
        return count >= MESSAGE_HEADER && count - MESSAGE_HEADER >= length();
    }

    /** How often this has looked at a byte or moved it. */
    int steps() {
        return steps;
    }

    /** Copies the message out of its records, and returns what follows its header. */
    private ByteBuffer unpack(ByteBuffer records) {
        ByteBuffer message = ByteBuffer.allocate(MESSAGE_HEADER + length());
        for (int start = HEADER; message.hasRemaining(); ) {
            int length = records.getShort(start - 2) & 0xFFFF;
            int there = Math.min(length, message.remaining());
            message.put(records.slice(start, there));
            start += length + HEADER;
            steps += 1 + there;
        }
        return message.position(MESSAGE_HEADER);
    }

    /** RFC 8446 §4.1.2, RFC 6066 §3. */
    private static String hostIn(ByteBuffer hello) {
        try {
            return readHost(hello);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return "";
        }
    }

    private static String readHost(ByteBuffer hello) {
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
