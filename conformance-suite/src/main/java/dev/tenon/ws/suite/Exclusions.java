package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cases that may fail, each with a reason. They run like the others, and count as passed if they pass.
 *
 * @param entries the excluded cases and the reasons
 */
public record Exclusions(List<Exclusion> entries) {
    /** No exclusions. */
    public static final Exclusions NONE = new Exclusions(List.of());

    /**
     * An excluded case, or several.
     *
     * @param pattern an id such as {@code 6.4.1}, or the beginning of some, such as {@code 6.*}
     * @param reason why they may fail
     */
    public record Exclusion(String pattern, String reason) {}

    /**
     * Copies the entries.
     *
     * @param entries the excluded cases and the reasons
     */
    public Exclusions {
        entries = List.copyOf(entries);
    }

    /**
     * Reads lines such as {@code 6.4.* checks UTF-8 at the end of a message}.
     *
     * @param lines an id and a reason each; empty lines and those that begin with {@code #} are left out
     * @return the exclusions
     * @throws IllegalArgumentException if a line lacks its reason, or does not begin with an id
     */
    public static Exclusions parse(List<String> lines) {
        List<Exclusion> entries = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String[] parts = text.split("\\s+", 2);
            if (parts.length < 2 || !parts[0].matches("\\d+(\\.\\d+)*(\\.?\\*)?")) {
                throw new IllegalArgumentException(
                        "an exclusion is an id and a reason, such as '6.4.* why', not '" + text + "'");
            }
            entries.add(new Exclusion(parts[0], parts[1]));
        }
        return new Exclusions(entries);
    }

    /** Replaces an outcome that is excluded by one with the verdict for exclusions; returns all others unchanged. */
    Outcome apply(Outcome outcome) {
        Optional<Exclusion> found = !outcome.verdict().isRed()
                ? Optional.empty()
                : entries.stream()
                        .filter(entry -> outcome.testCase().matches(entry.pattern()))
                        .findFirst();
        return found.map(entry -> outcome.excluded(entry.reason())).orElse(outcome);
    }

    /** The exclusions of cases that have run and passed. */
    List<String> unneeded(List<Outcome> outcomes) {
        return entries.stream()
                .filter(entry ->
                        outcomes.stream().anyMatch(outcome -> outcome.testCase().matches(entry.pattern())))
                .filter(entry -> outcomes.stream()
                        .noneMatch(outcome ->
                                outcome.verdict().isRed() && outcome.testCase().matches(entry.pattern())))
                .map(entry -> entry.pattern() + " " + entry.reason())
                .toList();
    }
}
