package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One case: its opening, the sent frames and the expected input.
 *
 * @param id such as 6.4.1
 * @param title the subject, in one line
 * @param rule the section of an RFC
 * @param big whether it sends megabytes
 * @param script creates the steps when the case runs, because all cases together have some hundred megabytes
 */
record TestCase(String id, String title, String rule, boolean big, Opening opening, Supplier<Script> script) {

    /** The steps, created by each call. */
    List<Step> steps() {
        return script.get().steps();
    }

    /** The chapter's number. */
    int chapter() {
        return Integer.parseInt(id.substring(0, id.indexOf('.')));
    }

    /** Whether the peer must refuse the handshake or fail the connection. */
    boolean expectsFailure() {
        return opening instanceof UnusualOpenings.BadRequest
                || opening instanceof UnusualOpenings.BadResponse
                || opening instanceof StreamOpening.BadRequest
                || opening instanceof StreamResponses.BadResponse
                || steps().stream()
                        .anyMatch(step ->
                                step instanceof Expectations.Fails || step instanceof Expectations.FailsAlready);
    }

    /** The expected input, in words, in order; equal neighbours are counted. */
    List<String> expectations() {
        List<String> words = new ArrayList<>();
        int times = 1;
        for (String next : Stream.concat(
                        Stream.of(opening.expectation()), steps().stream().map(Step::expectation))
                .filter(text -> !text.isEmpty())
                .toList()) {
            int last = words.size() - 1;
            String before = times == 1 || words.isEmpty() ? "" : times + " times ";
            if (!words.isEmpty() && words.get(last).equals(before + next)) {
                times++;
                words.set(last, times + " times " + next);
            } else {
                times = 1;
                words.add(next);
            }
        }
        return words;
    }

    /** Whether the id matches a pattern such as 6.*, 6.4.1 or 12.1.*. */
    boolean matches(String pattern) {
        return pattern.endsWith("*")
                ? id.startsWith(pattern.substring(0, pattern.length() - 1))
                : id.equals(pattern) || id.startsWith(pattern + ".");
    }
}
