package dev.tenon.ws.suite;

import java.io.IOException;

/** One step of a case: something that the suite {@linkplain Sends does}, or what {@linkplain Expectations has to come}. */
interface Step {

    /** Takes the step; throws {@link Broken} if the case ends with it. */
    void play(Play play) throws Broken, IOException, InterruptedException;

    /** What has to come, in words; empty for what is sent. */
    default String expectation() {
        return "";
    }
}
