package dev.tenon.ws.cli;

/** Why a command cannot go on, in one line that says what to do next, and the status that the tool exits with. */
final class Problem extends RuntimeException {
    /** The exit code of a command that cannot be run as it was given. */
    static final int USAGE = 2;
    /** The exit code of a connection that failed. */
    static final int FAILED = 1;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** Why a command cannot go on; what the peer has said in it is escaped. */
    Problem(int exitCode, String message) {
        super(Terminal.line(message));
        this.exitCode = exitCode;
    }

    static Problem usage(String message) {
        return new Problem(USAGE, message);
    }

    static Problem failed(String message) {
        return new Problem(FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }
}
