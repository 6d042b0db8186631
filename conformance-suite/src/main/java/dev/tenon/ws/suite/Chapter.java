package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The cases of one subject, numbered as they are added. Not thread-safe. */
final class Chapter {
    private final int number;
    private final String title;
    private final List<TestCase> cases = new ArrayList<>();

    Chapter(int number, String title) {
        this.number = number;
        this.title = title;
    }

    int number() {
        return number;
    }

    String title() {
        return title;
    }

    List<TestCase> cases() {
        return List.copyOf(cases);
    }

    /** The number of cases whose id begins with the given text. */
    int count(String beginning) {
        return (int) cases.stream()
                .filter(testCase -> testCase.id().startsWith(number + "." + beginning))
                .count();
    }

    /** A case on a connection without extensions. */
    void add(String id, String title, String rule, Script script) {
        add(id, title, rule, new Opening.Usual(null), script);
    }

    /** A case with permessage-deflate. */
    void add(String id, String title, String rule, Deflate deflate, Script script) {
        add(id, title, rule, new Opening.Usual(deflate), script);
    }

    void add(String id, String title, String rule, Opening opening, Script script) {
        addLong(id, title, rule, false, opening, () -> script);
    }

    /** A case whose payload is created when it runs; {@code --fast} skips big ones, which send megabytes. */
    void addLong(String id, String title, String rule, boolean big, Opening opening, Supplier<Script> script) {
        cases.add(new TestCase(number + "." + id, title, rule, big, opening, script));
    }
}
