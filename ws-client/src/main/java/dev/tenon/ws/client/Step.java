package dev.tenon.ws.client;

/** One thing that is under way on the way to an open connection. Belongs to its event loop's thread. */
interface Step {
    /** Gives it up: it frees what it holds, and calls nobody back. Does nothing if it is over. */
    void cancel();

    /** What is being waited for, as a part of the sentence that is said when it takes too long. */
    String waitsFor();
}
