package dev.tenon.ws.suite;

import java.time.Duration;
import java.util.List;

/** The outcome of a case: verdict, reason, duration and transcript. */
record Outcome(TestCase testCase, Verdict verdict, String why, Duration time, List<Transcript.Line> lines) {

    /** This outcome as an excluded one, with a reason. */
    Outcome excluded(String reason) {
        return new Outcome(testCase, Verdict.EXCLUDED, reason + " (" + verdict.word() + ": " + why + ")", time, lines);
    }
}
