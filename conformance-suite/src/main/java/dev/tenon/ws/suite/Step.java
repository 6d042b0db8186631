package dev.tenon.ws.suite;

import java.io.IOException;

/** One step of a case: it {@linkplain SendSteps sends}, or {@linkplain Expectations expects} input. */
interface Step {

    /** Runs the step; throws {@link CaseFailure} if the case ends with it. */
    void play(CaseRun run) throws CaseFailure, IOException, InterruptedException;

    /** The expected input, in words; empty for a step that sends. */
    default String expectation() {
        return "";
    }
}
