package dev.tenon.ws.suite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The result of a run: verdicts and report pages. Immutable. */
public final class Report {
    private final Side peer;
    private final String agent;
    private final String where;
    private final List<Outcome> outcomes;
    private final List<String> unneeded;

    Report(Side peer, String agent, String where, List<Outcome> played, Exclusions exclusions) {
        this.peer = peer;
        this.agent = agent;
        this.where = where;
        this.outcomes = played.stream().map(exclusions::apply).toList();
        this.unneeded = exclusions.unneeded(played);
    }

    /**
     * The exclusions that are no longer needed, because their cases pass.
     *
     * @return an id and its reason each
     */
    public List<String> unneededExclusions() {
        return unneeded;
    }

    /**
     * How many cases ended with a verdict.
     *
     * @param verdict the verdict
     * @return the number of cases
     */
    public int count(Verdict verdict) {
        return (int) outcomes.stream()
                .filter(outcome -> outcome.verdict() == verdict)
                .count();
    }

    /**
     * The number of cases that have run.
     *
     * @return 0 or more
     */
    public int count() {
        return outcomes.size();
    }

    /**
     * The failed and non-strict cases, each as "id verdict: title: why".
     *
     * @return one line for each, in order
     */
    public List<String> red() {
        return outcomes.stream()
                .filter(outcome -> outcome.verdict().isRed())
                .map(Report::line)
                .toList();
    }

    /**
     * One line with the number of cases per verdict.
     *
     * @return such as "521 cases: 520 ok, 1 failed"
     */
    public String summary() {
        StringBuilder summary = new StringBuilder(outcomes.size() + " cases:");
        counts().forEach((verdict, count) -> {
            if (count > 0) {
                summary.append(summary.charAt(summary.length() - 1) == ':' ? " " : ", ")
                        .append(count)
                        .append(' ')
                        .append(verdict.word());
            }
        });
        return summary.toString();
    }

    /**
     * Writes {@code index.html}, a page for each case and {@code report.json}. The pages have no external resources.
     *
     * @param folder the folder, which is created if it does not exist
     * @return the index
     * @throws IOException if it cannot be written
     */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Pages pages = new Pages(this);
        for (Outcome outcome : outcomes) {
            Files.writeString(folder.resolve(Pages.file(outcome)), pages.page(outcome));
        }
        try (Writer json = Files.newBufferedWriter(folder.resolve("report.json"), StandardCharsets.UTF_8)) {
            writeJson(json);
        }
        Path index = folder.resolve("index.html");
        Files.writeString(index, pages.index());
        return index;
    }

    /**
     * Writes the outcomes in the XML format of JUnit: a failed or non-strict case is a failure, one without a verdict
     * is skipped.
     *
     * @param reports the reports of one or more peers
     * @param file the file
     * @throws IOException if it cannot be written
     */
    public static void writeJUnit(List<Report> reports, Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, JUnitXml.of(reports));
    }

    /**
     * Writes the reports of several peers, each in a subfolder, and a page that compares them.
     *
     * @param reports one or more reports of the same side
     * @param folder the folder, which is created if it does not exist
     * @return the page
     * @throws IOException if it cannot be written
     */
    public static Path writeAll(List<Report> reports, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Report report : reports) {
            report.write(folder.resolve(report.folderName()));
        }
        Path index = folder.resolve("index.html");
        Files.writeString(index, new Comparison(reports).page());
        return index;
    }

    /** The name of the agent's folder. */
    String folderName() {
        return agent.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private void writeJson(Writer writer) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(writer).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("agent", agent);
            json.writeStringField("side", peer.word());
            json.writeStringField("where", where);
            json.writeObjectFieldStart("verdicts");
            for (Map.Entry<Verdict, Integer> count : counts().entrySet()) {
                json.writeNumberField(count.getKey().word(), count.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("cases");
            for (Outcome outcome : outcomes) {
                json.writeStartObject();
                json.writeStringField("id", outcome.testCase().id());
                json.writeStringField("title", outcome.testCase().title());
                json.writeStringField("rule", outcome.testCase().rule());
                json.writeStringField("violation", ViolationIds.of(peer, outcome.testCase()));
                json.writeStringField("verdict", outcome.verdict().word());
                json.writeStringField("reason", outcome.reason());
                json.writeNumberField("millis", outcome.time().toMillis());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static String line(Outcome outcome) {
        TestCase testCase = outcome.testCase();
        return testCase.id() + " " + outcome.verdict().word() + ": " + testCase.title() + ": " + outcome.reason();
    }

    Map<Verdict, Integer> counts() {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, count(verdict));
        }
        return counts;
    }

    Side peer() {
        return peer;
    }

    /**
     * The peer's name.
     *
     * @return the given name, or the one from the client
     */
    public String agent() {
        return agent;
    }

    String where() {
        return where;
    }

    List<Outcome> outcomes() {
        return outcomes;
    }
}
