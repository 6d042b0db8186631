package dev.tenon.ws.suite;

import java.util.List;

/**
 * The cases to run.
 *
 * @param patterns ids such as {@code 6.4.1}, or their beginnings such as {@code 6} and {@code 6.*}; all cases if empty
 * @param fast whether cases that send megabytes are skipped
 */
public record Selection(List<String> patterns, boolean fast) {
    /** All cases. */
    public static final Selection ALL = new Selection(List.of(), false);

    /** All cases except those that send megabytes. */
    public static final Selection FAST = new Selection(List.of(), true);

    /**
     * Copies the patterns.
     *
     * @param patterns ids or their beginnings
     * @param fast whether cases that send megabytes are skipped
     */
    public Selection {
        patterns = List.copyOf(patterns);
    }

    /**
     * The cases whose ids begin with one of these, including big ones.
     *
     * @param patterns the ids
     * @return the selection
     */
    public static Selection of(String... patterns) {
        return new Selection(List.of(patterns), false);
    }

    /**
     * The patterns that select nothing, such as a mistyped id, or with {@code fast} the id of a case that sends
     * megabytes.
     *
     * @param peer the role of the peer under test
     * @param carrier the carrier of the connection
     * @return those of the patterns for which no case runs
     */
    public List<String> unknown(Side peer, Carrier carrier) {
        List<TestCase> all = (fast ? FAST : ALL).of(peer, carrier, Settings.DEFAULT);
        return patterns.stream()
                .filter(pattern -> all.stream().noneMatch(testCase -> testCase.matches(pattern)))
                .toList();
    }

    List<TestCase> of(Side peer, Settings settings) {
        return of(peer, Carrier.HTTP_1_1, settings);
    }

    List<TestCase> of(Side peer, Carrier carrier, Settings settings) {
        return Catalogue.chapters(peer, carrier, settings).stream()
                .flatMap(chapter -> chapter.cases().stream())
                .filter(this::includes)
                .toList();
    }

    private boolean includes(TestCase testCase) {
        return !(fast && testCase.big())
                && (patterns.isEmpty() || patterns.stream().anyMatch(testCase::matches));
    }
}
