package dev.tenon.ws.suite;

/** What came of a case. */
public enum Verdict {
    /** As the RFC has it, at once. */
    OK("ok"),
    /** The outcome is right, but late, with another close code, or without a Close frame. */
    NON_STRICT("non-strict"),
    /** A rule is broken, or something has got lost. */
    FAILED("failed"),
    /** The RFC leaves it open; the report says what the peer does. */
    INFORMATIONAL("informational"),
    /** The peer does not speak what the case is about, such as permessage-deflate. */
    UNIMPLEMENTED("unimplemented"),
    /** Not played, because the limits of the peer were not given. */
    SKIPPED("skipped"),
    /** It speaks against the peer, and somebody has given a reason to let it pass. */
    EXCLUDED("excluded");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /**
     * Whether this speaks against the peer: a late failure is a failure.
     *
     * @return whether it does
     */
    public boolean isRed() {
        return this == NON_STRICT || this == FAILED;
    }

    /**
     * The verdict as reports write it.
     *
     * @return one word
     */
    public String word() {
        return word;
    }
}
