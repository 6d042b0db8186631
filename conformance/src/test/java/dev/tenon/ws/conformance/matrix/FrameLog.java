package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Parses the bytes of one direction of a connection without Tenon's code: the head, then the kinds of its frames.
 * Thread-safe.
 */
final class FrameLog {
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final CompletableFuture<String> whole = new CompletableFuture<>();
    private final byte[] header = new byte[14];
    private int have;
    private long skip;
    private boolean inFrames;
    private boolean compressed;
    private boolean fragmented;

    synchronized void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (!inFrames) {
                head.write(bytes.get());
                inFrames = head.size() >= 4 && head().endsWith("\r\n\r\n");
                if (inFrames) {
                    whole.complete(head());
                }
            } else if (skip > 0) {
                int step = (int) Math.min(skip, bytes.remaining());
                bytes.position(bytes.position() + step);
                skip -= step;
            } else {
                addToHeader(bytes.get());
            }
        }
    }

    /** RFC 6455 §5.2. */
    private void addToHeader(byte next) {
        header[have++] = next;
        int length = have < 2 ? 0 : header[1] & 0x7f;
        int extra = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (have < 2 || have < 2 + extra) {
            return;
        }
        ByteBuffer field = ByteBuffer.wrap(header, 2, extra);
        skip = extra == 0 ? length : extra == 2 ? field.getShort() & 0xffff : field.getLong();
        skip += (header[1] & 0x80) == 0 ? 0 : 4; // the masking key
        compressed |= (header[0] & 0x40) != 0;
        fragmented |= (header[0] & 0x0f) == 0;
        have = 0;
    }

    /** Returns the received part of the handshake's head. */
    synchronized String head() {
        return head.toString(ISO_8859_1);
    }

    /** Waits for the end of the head, and returns it. */
    String wholeHead() throws Exception {
        return whole.get(20, TimeUnit.SECONDS);
    }

    /** Returns the value of a header in a head, with repeated ones joined; empty if there is none. */
    static String field(String head, String name) {
        StringBuilder value = new StringBuilder();
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                value.append(value.isEmpty() ? "" : ", ")
                        .append(line.substring(name.length() + 1).strip());
            }
        }
        return value.toString();
    }

    /** Whether a frame with RSV1 has passed. */
    synchronized boolean isCompressed() {
        return compressed;
    }

    /** Whether a continuation frame has passed. */
    synchronized boolean isFragmented() {
        return fragmented;
    }
}
