package dev.tenon.ws.suite;

/** Is told of each case as it ends. */
@FunctionalInterface
public interface Progress {

    /**
     * A case has ended.
     *
     * @param id the case
     * @param verdict what came of it
     * @param played how many have ended by now
     * @param all how many there are
     */
    void played(String id, Verdict verdict, int played, int all);

    /**
     * Something has gone wrong that belongs to no case.
     *
     * @param what in one line
     */
    default void trouble(String what) {}
}
