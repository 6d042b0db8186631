package dev.tenon.ws.suite;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/** The outcomes of one client, in the order of the cases. Safe for any thread. */
final class AgentResults {
    private final TreeMap<Integer, Outcome> outcomes = new TreeMap<>();
    private int running;

    synchronized void begin() {
        running++;
    }

    /** Returns how many cases have ended. */
    synchronized int end(int number, Outcome outcome) {
        outcomes.put(number, outcome);
        running--;
        notifyAll();
        return outcomes.size();
    }

    /** All outcomes. Waits, because a client may end its last case before the verdict. */
    synchronized List<Outcome> await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toMillis(); running > 0 && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return List.copyOf(outcomes.values());
    }
}
