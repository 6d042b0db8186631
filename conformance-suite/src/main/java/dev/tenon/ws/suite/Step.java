package dev.tenon.ws.suite;

import java.io.IOException;

/** One step of a case: something that the suite {@linkplain SendSteps does}, or what {@linkplain Expectations has to come}. */
interface Step {

    /** Takes the step; throws {@link CaseFailure} if the case ends with it. */
    void play(Play play) throws CaseFailure, IOException, InterruptedException;

    /** What has to come, in words; empty for what is sent. */
    default String expectation() {
        return "";
    }
}
