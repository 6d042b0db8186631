package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A frame of HTTP/2 (RFC 9113 §4.1), valid or invalid. */
@SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
record Http2Frame(int type, int flags, int stream, byte[] payload) {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    private static final int HAS_PRIORITY = 32;

    /** An error code (RFC 9113 §7). */
    static final int CANCEL = 8;

    private static final int HEAD = 9;
    private static final int LONGEST = 1 << 14;

    private static final List<String> TYPES = List.of(
            "DATA",
            "HEADERS",
            "PRIORITY",
            "RST_STREAM",
            "SETTINGS",
            "PUSH_PROMISE",
            "PING",
            "GOAWAY",
            "WINDOW_UPDATE",
            "CONTINUATION");

    /** RFC 9113 §7. */
    private static final List<String> ERRORS = List.of(
            "NO_ERROR",
            "PROTOCOL_ERROR",
            "INTERNAL_ERROR",
            "FLOW_CONTROL_ERROR",
            "SETTINGS_TIMEOUT",
            "STREAM_CLOSED",
            "FRAME_SIZE_ERROR",
            "REFUSED_STREAM",
            "CANCEL",
            "COMPRESSION_ERROR",
            "CONNECT_ERROR",
            "ENHANCE_YOUR_CALM",
            "INADEQUATE_SECURITY",
            "HTTP_1_1_REQUIRED");

    /** A frame whose payload is one number of 32 bits. */
    static Http2Frame of(int type, int stream, int number) {
        return new Http2Frame(
                type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
    }

    /** A frame whose payload is a setting (RFC 9113 §6.5.1). */
    static Http2Frame setting(int id, int value) {
        return new Http2Frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) id).putInt(value).array());
    }

    static Http2Frame read(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length > LONGEST) {
            throw new IOException("the peer has sent a frame of " + length + " bytes (RFC 9113 §4.2)");
        }
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Http2Frame(type, flags, stream, payload);
    }

    byte[] encode() {
        return ByteBuffer.allocate(HEAD + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The 32 bits at an offset of the payload. */
    int number(int offset) throws IOException {
        if (payload.length < offset + 4) {
            throw new IOException("the peer has sent a " + describe() + " that is too short");
        }
        return ByteBuffer.wrap(payload).getInt(offset);
    }

    /** Returns the payload of DATA or HEADERS without padding and priority (RFC 9113 §6.1, §6.2). */
    byte[] content() throws IOException {
        int from = has(PADDED) ? 1 : 0;
        int padding = has(PADDED) && payload.length > 0 ? payload[0] & 255 : 0;
        if (type == HEADERS && has(HAS_PRIORITY)) {
            from += 5;
        }
        if (from + padding > payload.length) {
            throw new IOException("the peer has sent a " + describe() + " whose padding is longer than itself");
        }
        return Arrays.copyOfRange(payload, from, payload.length - padding);
    }

    /** Reads the rest of the head that begins with this, and returns the whole field block (RFC 9113 §4.3). */
    byte[] block(DataInputStream in) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(content());
        for (Http2Frame frame = this; !frame.has(END_HEADERS); ) {
            frame = read(in);
            if (frame.type != CONTINUATION || frame.stream != stream) {
                throw new IOException("the peer has sent " + frame.describe() + " within a head (RFC 9113 §6.2)");
            }
            block.writeBytes(frame.payload);
        }
        return block.toByteArray();
    }

    String describe() {
        String name = type < TYPES.size() ? TYPES.get(type) : "frame of type " + type;
        return name + " of " + payload.length + " bytes" + (type < 2 && has(END_STREAM) ? ", END_STREAM" : "");
    }

    static String error(int code) {
        return code >= 0 && code < ERRORS.size() ? ERRORS.get(code) : "error " + code;
    }
}
