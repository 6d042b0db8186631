package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A second implementation of RFC 6455 §5 to §7, written for clarity: it reads the whole input from the beginning to the
 * end. It shares no code with the tested one.
 */
final class Oracle {
    private final byte[] input;
    private final Role role;
    private final ConnectionOptions options;
    private int at;

    /** The events of the application before the end. */
    final List<String> events = new ArrayList<>();
    /** The frames that are sent before the end. */
    final List<String> sent = new ArrayList<>();
    /** The possible close codes of a failure; empty if nothing is wrong. */
    Set<Integer> failure = Set.of();

    private boolean closed;

    private int messageOpcode;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private int withoutContent;

    private Oracle(Role role, ConnectionOptions options, byte[] input) {
        this.role = role;
        this.options = options;
        this.input = input;
    }

    static Oracle decode(Role role, ConnectionOptions options, byte[] input) {
        Oracle oracle = new Oracle(role, options, input);
        while (oracle.failure.isEmpty() && !oracle.closed && oracle.readFrame()) {
            // one frame per call
        }
        return oracle;
    }

    boolean isClosed() {
        return closed;
    }

    private boolean fail(Integer... codes) {
        failure = Set.of(codes);
        return false;
    }

    /** Reads one frame; returns false if there is none, or a rule is broken. */
    private boolean readFrame() {
        if (input.length - at < 2) {
            return false;
        }
        int first = input[at] & 0xFF;
        boolean masked = (input[at + 1] & 0x80) != 0;
        long length = input[at + 1] & 0x7F;
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (input.length - at < 2 + extended) {
            return false;
        }
        if (extended > 0) {
            length = 0;
            for (int i = 0; i < extended; i++) {
                length = (length << 8) | (input[at + 2 + i] & 0xFF);
            }
        }
        boolean fin = (first & 0x80) != 0;
        int opcode = first & 0x0F;
        boolean control = opcode >= 8;
        boolean minimal = extended == 0 || (extended == 2 && length >= 126) || (extended == 8 && length >= 65_536);
        if ((first & 0x70) != 0
                || !Set.of(0, 1, 2, 8, 9, 10).contains(opcode)
                || (control && (!fin || extended != 0))
                || masked != (role == Role.SERVER)
                || length < 0
                || !minimal) {
            return fail(1002);
        }
        if (!control && length > options.maxMessageLength()) {
            return fail(1009);
        }
        int payloadAt = at + 2 + extended + (masked ? 4 : 0);
        if (payloadAt > input.length) {
            return false;
        }
        int present = (int) Math.min(length, input.length - payloadAt);
        byte[] payload = Arrays.copyOfRange(input, payloadAt, payloadAt + present);
        for (int i = 0; masked && i < present; i++) {
            payload[i] ^= input[payloadAt - 4 + i % 4];
        }
        at = payloadAt + present;
        boolean complete = present == length;
        if (control) {
            return complete && controlFrame(opcode, payload);
        }
        return (complete || present > 0) && dataFrame(opcode, payload, fin, complete);
    }

    private boolean dataFrame(int opcode, byte[] payload, boolean fin, boolean complete) {
        if ((opcode == 0) == (messageOpcode == 0)) {
            return fail(1002);
        }
        if (opcode != 0) {
            messageOpcode = opcode;
        }
        boolean inBetween = opcode == 0 && !fin && complete && payload.length == 0;
        if (inBetween && ++withoutContent > options.controlFrameBurst()) {
            return fail(1008);
        }
        message.writeBytes(payload);
        boolean tooLong = message.size() > options.maxMessageLength();
        boolean last = fin && complete;
        JdkUtf8 judged = JdkUtf8.check(message.toByteArray(), message.size());
        boolean badText = messageOpcode == 1 && (judged == JdkUtf8.MALFORMED || (last && judged == JdkUtf8.CUT));
        if (tooLong && badText) {
            return fail(1007, 1009); // the split decides which of the bytes arrives first
        }
        if (tooLong || badText) {
            return fail(tooLong ? 1009 : 1007);
        }
        if (last) {
            events.add((messageOpcode == 1 ? "text" : "binary") + shown());
            message.reset();
            messageOpcode = 0;
        }
        return complete;
    }

    private String shown() {
        return messageOpcode == 1 ? " " + message.toString(UTF_8) : Bytes.show(false, message.toByteArray());
    }

    private boolean controlFrame(int opcode, byte[] payload) {
        if (opcode != 8 && ++withoutContent > options.controlFrameBurst()) {
            return fail(1008);
        }
        if (opcode == 9) {
            events.add("ping" + Bytes.show(false, payload));
            sent.add("FIN PONG" + Bytes.show(false, payload));
        } else if (opcode == 10) {
            events.add("pong" + Bytes.show(false, payload));
        } else {
            return closeFrame(payload);
        }
        return true;
    }

    private boolean closeFrame(byte[] payload) {
        if (payload.length == 1) {
            return fail(1002);
        }
        if (payload.length >= 2) {
            int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
            boolean defined = Set.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014)
                    .contains(code);
            if (!defined && (code < 3000 || code > 4999)) {
                return fail(1002);
            }
            byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
            if (JdkUtf8.check(reason, reason.length) != JdkUtf8.WHOLE) {
                return fail(1007);
            }
        }
        sent.add("FIN CLOSE" + Bytes.show(false, payload));
        closed = true;
        return false;
    }
}
