package dev.tenon.ws.suite;

import dev.tenon.ws.suite.Arrival.SeenFrame;

/** Verifies the peer's frames in every case (RFC 6455 §5). Not thread-safe. */
final class FrameVerifier {
    private final Side peer;
    private final boolean deflate;
    private boolean within;
    private boolean closed;

    FrameVerifier(Side peer, boolean deflate) {
        this.peer = peer;
        this.deflate = deflate;
    }

    /** Throws {@link CaseFailure} if the frame breaks a rule at its place in the stream. */
    void verify(SeenFrame frame) throws CaseFailure {
        int opcode = frame.opcode();
        boolean control = Opcodes.isControl(opcode);
        boolean rsv1 = deflate && (opcode == Opcodes.TEXT || opcode == Opcodes.BINARY);
        rule(!closed, "a frame after the Close frame", "§5.5.1", "");
        rule(
                (frame.rsv() & ~(rsv1 ? 4 : 0)) == 0,
                "an RSV bit that nothing negotiated owns",
                "§5.2",
                "frame.rsv-not-negotiated");
        rule(
                control ? opcode <= Opcodes.PONG : opcode <= Opcodes.BINARY,
                "a reserved opcode",
                "§5.2",
                "frame.opcode-not-negotiated");
        rule(!control || frame.fin(), "a fragmented control frame", "§5.5", "frame.control-frame-fragmented");
        rule(
                !control || frame.payload().length <= 125,
                "a control frame of more than 125 bytes",
                "§5.5",
                "frame.control-frame-too-long");
        rule(
                frame.masked() == peer.masks(),
                peer.masks() ? "an unmasked frame" : "a masked frame",
                "§5.1",
                peer.masks() ? "frame.mask-missing" : "frame.mask-forbidden");
        rule(
                frame.lengthBytes() == minimal(frame.payload().length),
                "a length that is not minimal",
                "§5.2",
                "frame.length-not-minimal");
        if (control) {
            closed = opcode == Opcodes.CLOSE;
        } else {
            rule(
                    within == (opcode == Opcodes.CONTINUATION),
                    within ? "a new message within another" : "a continuation of nothing",
                    "§5.4",
                    within ? "message.message-within-message" : "message.continuation-without-message");
            within = !frame.fin();
        }
    }

    private static int minimal(int length) {
        return length <= 125 ? 0 : length <= 0xFFFF ? 2 : 8;
    }

    private void rule(boolean kept, String broken, String section, String id) throws CaseFailure {
        if (!kept) {
            throw new CaseFailure("the " + peer.word() + " has sent " + broken + " (RFC 6455 " + section
                    + (id.isEmpty() ? ")" : ", " + id + ")"));
        }
    }

    /** The code of a Close payload, 1005 if it is empty. */
    static Event.Closing closing(byte[] payload) throws CaseFailure {
        if (payload.length == 0) {
            return new Event.Closing(1005, "");
        }
        if (payload.length == 1) {
            throw new CaseFailure(
                    "the peer has sent a Close frame with half a code (RFC 6455 §5.5.1, close.code-incomplete)");
        }
        int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        String reason = Octets.decode(java.util.Arrays.copyOfRange(payload, 2, payload.length));
        if (reason == null) {
            throw new CaseFailure(
                    "the peer has sent a close reason that is not UTF-8 (RFC 6455 §5.5.1, close.reason-not-utf-8)");
        }
        if (code < 1000 || code == 1004 || code == 1005 || code == 1006 || code == 1015 || code > 4999) {
            throw new CaseFailure("the peer has sent the close code " + code
                    + ", which must not travel (RFC 6455 §7.4, close.code-not-allowed)");
        }
        return new Event.Closing(code, reason);
    }
}
