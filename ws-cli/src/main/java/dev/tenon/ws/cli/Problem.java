package dev.tenon.ws.cli;

/** Ends a command with a one-line explanation and remedy, and the exit code of the tool. */
final class Problem extends RuntimeException {
    /** The exit code of an invalid command. */
    static final int USAGE = 2;
    /** The exit code of a failed connection. */
    static final int FAILED = 1;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A problem; control characters in the message are escaped, because parts of it may come from the peer. */
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
