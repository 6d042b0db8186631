package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/** The steps of a case that check the peer's input. */
@SuppressWarnings("ArrayRecordComponent") // no record of this type is compared with another
final class Expectations {
    private Expectations() {}

    /** The echo of the message, in any number of frames. */
    record Echo(boolean text, byte[] data) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            if (run.isOver()) {
                return;
            }
            Event event = run.next(run.deadline(), false);
            if (event instanceof Event.Message message) {
                if (message.text() != text || !Arrays.equals(message.data(), data)) {
                    throw new CaseFailure("the echo is another message: " + message);
                }
            } else {
                run.unexpected(event, expectation(), data.length);
            }
        }

        @Override
        public String expectation() {
            return "the same " + (text ? "text" : "binary") + " message back (" + data.length + " bytes)";
        }
    }

    /** A pong with the payload; with {@code earlierToo}, pongs for pings before it may come or not. */
    record Pong(byte[] payload, boolean earlierToo) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            Deadline deadline = run.deadline();
            Event event = run.next(deadline, true);
            while (event instanceof Event.Pong pong && !Arrays.equals(pong.payload(), payload)) {
                if (!earlierToo) {
                    throw new CaseFailure("a pong with another payload (RFC 6455 §5.5.3): " + pong);
                }
                event = run.next(deadline, true);
            }
            if (event instanceof Event.Pong) {
                run.ponged();
            } else {
                run.unexpected(event, expectation(), 0);
            }
        }

        @Override
        public String expectation() {
            return "a pong with " + payload.length + " bytes of payload: " + Octets.dump(payload, 8);
        }
    }

    /** The connection fails with one of the codes before more is sent; a later failure is non-strict. */
    record FailsAlready(Set<Integer> codes) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            if (run.isOver()) {
                return;
            }
            Event event = run.poll(run.earlyDeadline(), run.isPinged());
            if (event == null) {
                run.nonStrict("the failure comes late: nothing within " + run.early());
            } else {
                run.fails(event, codes);
            }
        }

        @Override
        public String expectation() {
            return "failure with " + codes + ", before anything more is sent";
        }
    }

    /** The connection fails with one of the codes, now or before. */
    record Fails(Set<Integer> codes) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            if (!run.isOver()) {
                run.fails(run.next(run.deadline(), run.isPinged()), codes);
            }
        }

        @Override
        public String expectation() {
            return "failure with " + codes;
        }
    }

    /** A response to our Close frame with one of the codes, or a failure if {@code failureToo}; then the end. */
    record Closes(Set<Integer> codes, boolean failureToo) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            if (run.isOver()) {
                return;
            }
            Event event = run.next(run.deadline(), run.isPinged());
            if (!(event instanceof Event.Closing closing)) {
                if (event instanceof Event.End) {
                    throw new CaseFailure("the connection ends without a Close frame in answer (RFC 6455 §5.5.1)");
                }
                run.unexpected(event, expectation(), 0);
                return;
            }
            if (failureToo) {
                run.ends(closing);
                throw new CaseFailure(Verdict.INFORMATIONAL, "the response is " + closing);
            }
            if (!codes.contains(closing.code())) {
                run.nonStrict("the response is " + closing + " instead of one of " + codes);
            }
            run.ends(closing);
        }

        @Override
        public String expectation() {
            return failureToo ? "a Close frame with any code" : "a Close frame with one of " + codes + ", then the end";
        }
    }

    /** The peer has used different masking keys. */
    record FreshKeys() implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure {
            if (!run.keysAreFresh()) {
                throw new CaseFailure("several frames were masked with one key (RFC 6455 §5.3)");
            }
        }

        @Override
        public String expectation() {
            return "masking keys that differ (RFC 6455 §5.3)";
        }
    }

    /** The echo, a failure with one of the codes, or neither; fails only if a rule is broken. */
    record EchoOrFails(Set<Integer> codes) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure, IOException, InterruptedException {
            Event event = run.poll(run.earlyDeadline(), false);
            if (event == null) {
                throw new CaseFailure(Verdict.INFORMATIONAL, "the peer accepts it, and waits for more");
            }
            if (event instanceof Event.Message) {
                throw new CaseFailure(Verdict.INFORMATIONAL, "the peer accepts it, and answers with a " + event);
            }
            run.fails(event, codes);
            throw new CaseFailure(Verdict.INFORMATIONAL, "the peer refuses it: " + event);
        }

        @Override
        public String expectation() {
            return "the message back, failure with " + codes + ", or a peer that waits";
        }
    }

    /** Ends the case unless the negotiated parameters let the suite's messages refer to earlier ones. */
    record NeedsContext() implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure {
            if (!run.keepsContext()) {
                throw new CaseFailure(
                        Verdict.UNIMPLEMENTED, "the peer has asked for messages without context takeover");
            }
        }
    }

    /** Skips the case. */
    record Skip(String reason) implements Step {
        @Override
        public void play(CaseRun run) throws CaseFailure {
            throw new CaseFailure(Verdict.SKIPPED, reason);
        }
    }
}
