package dev.tenon.ws.suite;

/** The verdict of a case. */
public enum Verdict {
    /** The peer does what the RFC requires, at once. */
    OK("ok"),
    /** The outcome is right, but late, with another close code, or without a Close frame. */
    NON_STRICT("non-strict"),
    /** A rule is broken, or a message is lost. */
    FAILED("failed"),
    /** The RFC leaves the behaviour open; the report describes it. */
    INFORMATIONAL("informational"),
    /** The peer does not support the subject of the case, such as permessage-deflate. */
    UNIMPLEMENTED("unimplemented"),
    /** Not run, because the limits of the peer are unknown. */
    SKIPPED("skipped"),
    /** The case has failed or was non-strict, and the user has excluded it with a reason. */
    EXCLUDED("excluded");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /**
     * Whether this verdict is a defect of the peer.
     *
     * @return true for failed and non-strict
     */
    public boolean isRed() {
        return this == NON_STRICT || this == FAILED;
    }

    /**
     * The word for the verdict in reports.
     *
     * @return one word
     */
    public String word() {
        return word;
    }
}
