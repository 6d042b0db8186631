package dev.tenon.ws.suite;

/** The end under test. The suite is the other one. */
public enum Side {
    /** A client is under test: the suite is the fuzzing server. */
    CLIENT,
    /** A server is under test: the suite is the fuzzing client. */
    SERVER;

    /** Whether frames of the peer under test must be masked (RFC 6455 §5.1). */
    boolean masks() {
        return this == CLIENT;
    }

    /** The word for the peer in reports. */
    String word() {
        return this == CLIENT ? "client" : "server";
    }
}
