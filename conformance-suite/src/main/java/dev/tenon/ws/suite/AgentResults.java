package dev.tenon.ws.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The outcomes of one client. Safe for any thread. */
final class AgentResults {
    private final List<TestCase> cases;
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();
    private int running;

    AgentResults(List<TestCase> cases) {
        this.cases = cases;
    }

    synchronized void begin() {
        running++;
    }

    /** Adds the outcome of a case, whose number is 1 or more. Returns how many cases have outcomes. */
    synchronized int add(int number, Outcome outcome) {
        outcomes.put(number, outcome);
        return outcomes.size();
    }

    synchronized void end() {
        running--;
        notifyAll();
    }

    /** The outcomes of all cases in order. Waits, because a client may end its last case before the verdict. */
    synchronized List<Outcome> await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toMillis(); running > 0 && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        List<Outcome> all = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            all.add(outcomes.getOrDefault(i + 1, notRun(cases.get(i))));
        }
        return all;
    }

    private static Outcome notRun(TestCase testCase) {
        String reason = "the client has not run this case to its end";
        return new Outcome(testCase, Verdict.FAILED, reason, Duration.ZERO, List.of());
    }
}
