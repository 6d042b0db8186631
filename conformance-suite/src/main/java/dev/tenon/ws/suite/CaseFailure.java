package dev.tenon.ws.suite;

/** The peer has broken a rule, or a case has ended with another result than expected. */
final class CaseFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Verdict verdict;

    CaseFailure(String rule) {
        this(Verdict.FAILED, rule);
    }

    CaseFailure(Verdict verdict, String reason) {
        super(reason);
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
