package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Arrival.SeenFrame;

/** Judges frames of the peer, which have to be right whatever the case is about (RFC 6455 §5). Not thread-safe. */
final class FrameJudge {
    private final Side peer;
    private final boolean deflate;
    private boolean within;
    private boolean closed;

    FrameJudge(Side peer, boolean deflate) {
        this.peer = peer;
        this.deflate = deflate;
    }

    /** Throws {@link Broken} for the first rule that the frame breaks, in its place in the stream. */
    void judge(SeenFrame frame) throws Broken {
        int opcode = frame.opcode();
        boolean control = Opcodes.isControl(opcode);
        boolean rsv1 = deflate && (opcode == Opcodes.TEXT || opcode == Opcodes.BINARY);
        rule(!closed, "a frame after the Close frame", "§5.5.1");
        rule((frame.rsv() & ~(rsv1 ? 4 : 0)) == 0, "an RSV bit that nothing negotiated owns", "§5.2");
        rule(control ? opcode <= Opcodes.PONG : opcode <= Opcodes.BINARY, "a reserved opcode", "§5.2");
        rule(!control || frame.fin(), "a fragmented control frame", "§5.5");
        rule(!control || frame.payload().length <= 125, "a control frame of more than 125 bytes", "§5.5");
        rule(frame.masked() == peer.masks(), peer.masks() ? "an unmasked frame" : "a masked frame", "§5.1");
        rule(frame.lengthBytes() == minimal(frame.payload().length), "a length that is not minimal", "§5.2");
        if (control) {
            closed = opcode == Opcodes.CLOSE;
        } else {
            rule(
                    within == (opcode == Opcodes.CONTINUATION),
                    within ? "a new message within another" : "a continuation of nothing",
                    "§5.4");
            within = !frame.fin();
        }
    }

    private static int minimal(int length) {
        return length <= 125 ? 0 : length <= 0xFFFF ? 2 : 8;
    }

    private void rule(boolean kept, String broken, String section) throws Broken {
        if (!kept) {
            throw new Broken("the " + peer.word() + " has sent " + broken + " (RFC 6455 " + section + ")");
        }
    }

    /** The code of a Close payload, 1005 if it is empty. */
    static Event.Closing closing(byte[] payload) throws Broken {
        if (payload.length == 0) {
            return new Event.Closing(1005, "");
        }
        if (payload.length == 1) {
            throw new Broken("the peer has sent a Close frame with half a code (RFC 6455 §5.5.1)");
        }
        int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        String reason = Octets.decode(java.util.Arrays.copyOfRange(payload, 2, payload.length));
        if (reason == null) {
            throw new Broken("the peer has sent a close reason that is not UTF-8 (RFC 6455 §5.5.1)");
        }
        if (code < 1000 || code == 1004 || code == 1005 || code == 1006 || code == 1015 || code > 4999) {
            throw new Broken("the peer has sent the close code " + code + ", which must not travel (RFC 6455 §7.4)");
        }
        return new Event.Closing(code, reason);
    }
}
