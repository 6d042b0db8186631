package dev.tenon.ws.suite;

import java.time.Duration;
import java.util.List;

/** What came of a case: the verdict, why, how long it took, and what went over the wire. */
record Outcome(TestCase testCase, Verdict verdict, String why, Duration time, List<Transcript.Line> lines) {

    /** This outcome, let pass for a reason. */
    Outcome excluded(String reason) {
        return new Outcome(testCase, Verdict.EXCLUDED, reason + " (" + verdict.word() + ": " + why + ")", time, lines);
    }
}
