package dev.tenon.ws.suite;

import java.time.Duration;
import java.util.List;

/** The outcome of a case: verdict, reason, duration and transcript. */
record Outcome(TestCase testCase, Verdict verdict, String reason, Duration time, List<Transcript.Line> lines) {

    /** This outcome as an excluded one, with the reason of the exclusion. */
    Outcome excluded(String exclusion) {
        String both = exclusion + " (" + verdict.word() + ": " + reason + ")";
        return new Outcome(testCase, Verdict.EXCLUDED, both, time, lines);
    }
}
