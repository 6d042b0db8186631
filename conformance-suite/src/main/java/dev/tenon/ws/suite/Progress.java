package dev.tenon.ws.suite;

/** Receives each case at its end. */
@FunctionalInterface
public interface Progress {

    /**
     * A case has ended.
     *
     * @param id the case
     * @param verdict its verdict
     * @param played the number of cases that have ended
     * @param all the number of all cases
     */
    void played(String id, Verdict verdict, int played, int all);

    /**
     * A problem that belongs to no case.
     *
     * @param what the problem, in one line
     */
    default void problem(String what) {}
}
