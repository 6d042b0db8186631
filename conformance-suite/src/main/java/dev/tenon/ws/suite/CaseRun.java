package dev.tenon.ws.suite;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The execution of a case on an open connection. Not thread-safe. */
final class CaseRun implements AutoCloseable {
    private static final int SHOWN_FRAMES = 8;

    private final Wire wire;
    private final Settings settings;
    private final Duration timeout;
    private final boolean big;
    private final Inbox inbox;
    private final @Nullable Compressor compressor;
    private boolean over;
    private boolean pinged;
    private boolean failureExpected;
    private @Nullable String nonStrictReason;

    CaseRun(Wire wire, Settings settings, boolean big, @Nullable Deflate agreed) {
        this.wire = wire;
        this.settings = settings;
        this.big = big;
        timeout = big ? settings.timeout().multipliedBy(4) : settings.timeout();
        inbox = new Inbox(wire, agreed);
        Side self = wire.peer == Side.SERVER ? Side.CLIENT : Side.SERVER;
        compressor = agreed == null ? null : new Compressor(agreed.resetsContext(self), agreed.bits(self));
    }

    /** Runs all steps; returns the reason for a non-strict verdict, or null. */
    @Nullable
    String play(List<Step> steps) throws CaseFailure, IOException, InterruptedException {
        for (int i = 0; i < steps.size(); i++) {
            failureExpected = steps.subList(i + 1, steps.size()).stream()
                    .anyMatch(step -> step instanceof Expectations.Fails || step instanceof Expectations.FailsAlready);
            steps.get(i).play(this);
        }
        return nonStrictReason;
    }

    // Output of the suite

    void send(List<WireFrame> frames, int chunkLength) {
        if (over) {
            return;
        }
        byte[][] encoded = new byte[frames.size()][];
        for (int i = 0; i < frames.size(); i++) {
            WireFrame frame = frames.get(i);
            encoded[i] = wire.encode(frame);
            pinged |= frame.opcode() == Opcodes.PING;
            if (i < SHOWN_FRAMES || i == frames.size() - 1) {
                wire.transcript.sent(frame.describe(), frame.payload());
            } else if (i == SHOWN_FRAMES) {
                wire.transcript.note(frames.size() - SHOWN_FRAMES - 1 + " more frames like this");
            }
        }
        if (chunkLength < Integer.MAX_VALUE) {
            wire.transcript.note("in writes of " + chunkLength + " bytes");
        }
        write(Octets.join(encoded), chunkLength);
    }

    void sendRaw(byte[] bytes, String what) {
        if (!over) {
            wire.transcript.sent(what, bytes);
            write(bytes, Integer.MAX_VALUE);
        }
    }

    private void write(byte[] bytes, int chunkLength) {
        try {
            wire.send(bytes, chunkLength);
        } catch (IOException e) { // bytes that the peer has sent before can still be read
            wire.transcript.note("the peer accepts no more bytes: " + e.getMessage());
        }
    }

    /** A part of a frame; {@code from} 0 includes the header. */
    void sendPart(WireFrame frame, int key, int from, int to) {
        byte[] encoded = frame.encode(!wire.peer.masks(), key);
        pinged |= frame.opcode() == Opcodes.PING;
        int header = encoded.length - frame.payload().length;
        int begin = from == 0 && to < frame.payload().length ? 0 : header + from;
        sendRaw(
                Arrays.copyOfRange(encoded, begin, header + to),
                frame.describe() + ": " + (begin == 0 ? "the header and " : "") + (to - from) + " bytes of payload");
    }

    boolean compresses() {
        return compressor != null;
    }

    boolean keepsContext() {
        return compressor != null && compressor.keepsContext();
    }

    byte[] compress(byte[] message) {
        return compressor == null ? message : compressor.compress(message);
    }

    // Input of the suite

    /** The deadline of a step that begins now. */
    Deadline deadline() {
        return Deadline.in(timeout);
    }

    /** The deadline of a failure that must come before more is sent. */
    Deadline earlyDeadline() {
        return Deadline.in(settings.earlyTimeout());
    }

    /** The next event; throws {@link CaseFailure} if there is none before the deadline. */
    Event next(Deadline deadline, boolean pongs) throws CaseFailure, IOException, InterruptedException {
        Event event = poll(deadline, pongs);
        if (event == null) {
            throw new CaseFailure("nothing within " + timeout.toMillis() + " ms");
        }
        return event;
    }

    /** The next event, or null at the deadline. Passes over pongs unless the step is about them. */
    @Nullable
    Event poll(Deadline deadline, boolean pongs) throws CaseFailure, IOException, InterruptedException {
        Event event = inbox.next(deadline);
        while (!pongs && event instanceof Event.Pong) {
            event = inbox.next(deadline);
        }
        return event;
    }

    /** Whether a pong can be the answer to a ping. All others are unsolicited, and allowed (RFC 6455 §5.5.3). */
    boolean isPinged() {
        return pinged;
    }

    /** The awaited pong has arrived. */
    void ponged() {
        pinged = false;
    }

    String early() {
        return settings.earlyTimeout().toMillis() + " ms";
    }

    boolean isOver() {
        return over;
    }

    boolean keysAreFresh() {
        return inbox.keysAreFresh();
    }

    /** Records that the outcome is acceptable, but not as the RFC recommends. */
    void nonStrict(String reason) {
        wire.transcript.note(reason);
        nonStrictReason = nonStrictReason == null ? reason : nonStrictReason;
    }

    /**
     * Handles an event in place of another: if it is the failure that should come later, the result is non-strict,
     * otherwise the case fails.
     *
     * @param length the length of the expected message, which may be too long for the peer; 0 if it is not a message
     */
    void unexpected(Event event, String expected, int length) throws CaseFailure, IOException, InterruptedException {
        boolean ends = event instanceof Event.Closing || event instanceof Event.End;
        if (event instanceof Event.Closing closing && closing.code() == 1009 && (big || isTooLong(length))) {
            throw new CaseFailure(Verdict.INFORMATIONAL, "too big for this peer: " + event);
        }
        if (!ends || !failureExpected) {
            throw new CaseFailure("expected " + expected + ", but received: " + event);
        }
        nonStrict("lost a message that was sent before the failure: " + expected);
        end(event);
    }

    private boolean isTooLong(int length) {
        return settings.maxMessage() > 0 && length > settings.maxMessage();
    }

    /** Checks that the event is a failure with one of the codes. */
    void fails(Event event, Set<Integer> codes) throws CaseFailure, IOException, InterruptedException {
        if (event instanceof Event.End) {
            nonStrict("the connection ends without a Close frame (RFC 6455 §7.1.7)");
        } else if (!(event instanceof Event.Closing closing)) {
            throw new CaseFailure("expected failure with " + codes + ", but received: " + event);
        } else if (closing.code() == 1000 || closing.code() == 1001 || closing.code() == 1005) {
            throw new CaseFailure(
                    "expected failure with " + codes + ", but the peer closes as if all were well: " + event);
        } else if (!codes.contains(closing.code())) {
            nonStrict("fails with " + closing + " instead of " + codes);
        }
        end(event);
    }

    private void end(Event event) throws CaseFailure, IOException, InterruptedException {
        over = true;
        if (event instanceof Event.Closing closing) {
            int code = closing.code() == 1005 ? 1000 : closing.code();
            WireFrame response = WireFrame.close(code, "");
            wire.transcript.sent(response.describe(), response.payload());
            write(wire.encode(response), Integer.MAX_VALUE);
            ends(closing);
        }
    }

    /**
     * Both Close frames were exchanged: a server ends the connection, a client waits for the server's end (RFC 6455
     * §7.1.1).
     */
    void ends(Event.Closing closing) throws CaseFailure, IOException, InterruptedException {
        over = true;
        if (wire.peer == Side.CLIENT) {
            wire.shutdownOutput();
        }
        Event event = inbox.next(Deadline.in(settings.timeout()));
        if (event == null) {
            nonStrict("the connection is still open " + settings.timeout().toMillis() + " ms after " + closing
                    + " (RFC 6455 §7.1.1)");
        } else if (!(event instanceof Event.End)) {
            throw new CaseFailure("after the Close frame, received: " + event);
        }
    }

    @Override
    public void close() {
        inbox.close();
        if (compressor != null) {
            compressor.close();
        }
    }
}
