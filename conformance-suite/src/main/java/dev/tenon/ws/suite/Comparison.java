package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that compares several peers: the number of cases per verdict, and each case with different verdicts. */
final class Comparison {
    private final List<Report> reports;
    private final Map<String, TestCase> cases = new LinkedHashMap<>();

    Comparison(List<Report> reports) {
        this.reports = List.copyOf(reports);
        Map<Integer, List<TestCase>> chapters = new TreeMap<>();
        for (Report report : reports) {
            for (Outcome outcome : report.outcomes()) {
                if (cases.putIfAbsent(outcome.testCase().id(), outcome.testCase()) == null) {
                    chapters.computeIfAbsent(outcome.testCase().chapter(), number -> new ArrayList<>())
                            .add(outcome.testCase());
                }
            }
        }
        cases.clear();
        chapters.values().forEach(chapter -> chapter.forEach(testCase -> cases.put(testCase.id(), testCase)));
    }

    String page() {
        List<TestCase> differ = cases.values().stream().filter(this::isDisputed).toList();
        String body = """
            <h1>%s beside each other</h1>
            <table><tr><th>Peer</th><th>Where</th>%s</tr>%s</table>
            <h2>Cases that not all of them pass</h2>
            <p>%d of %d cases; the others are ok, or informational, with each of them.</p>
            <table><tr><th>Case</th><th>What</th>%s</tr>%s</table>
            """.formatted(
                Pages.escape(reports.stream().map(Report::agent).collect(Collectors.joining(", "))),
                Pages.each(
                        List.of(Verdict.values()), verdict -> "<th class=\"number\">" + Pages.badge(verdict) + "</th>"),
                Pages.each(reports, Comparison::counts),
                differ.size(),
                cases.size(),
                Pages.each(reports, report -> "<th>" + Pages.escape(report.agent()) + "</th>"),
                Pages.each(differ, this::row));
        return Pages.page("Conformance", body);
    }

    private static String counts(Report report) {
        return "<tr><td><a href=\"%s/index.html\">%s</a></td><td>%s</td>%s</tr>\n"
                .formatted(
                        report.folderName(),
                        Pages.escape(report.agent()),
                        Pages.escape(report.where()),
                        Pages.each(
                                List.of(Verdict.values()),
                                verdict -> "<td class=\"number\">" + report.count(verdict) + "</td>"));
    }

    private boolean isDisputed(TestCase testCase) {
        return reports.stream()
                .anyMatch(report -> outcome(report, testCase)
                        .map(outcome -> outcome.verdict() != Verdict.OK && outcome.verdict() != Verdict.INFORMATIONAL)
                        .orElse(true));
    }

    private String row(TestCase testCase) {
        return "<tr><td>%s</td><td>%s</td>%s</tr>\n"
                .formatted(
                        Pages.escape(testCase.id()),
                        Pages.escape(testCase.title()),
                        Pages.each(reports, report -> "<td>" + cell(report, testCase) + "</td>"));
    }

    private static String cell(Report report, TestCase testCase) {
        return outcome(report, testCase)
                .map(outcome -> "<a href=\"%s/%s\" title=\"%s\">%s</a>"
                        .formatted(
                                report.folderName(),
                                Pages.file(outcome),
                                Pages.escape(outcome.reason()),
                                Pages.badge(outcome.verdict())))
                .orElse("not played");
    }

    private static Optional<Outcome> outcome(Report report, TestCase testCase) {
        return report.outcomes().stream()
                .filter(outcome -> outcome.testCase().id().equals(testCase.id()))
                .findFirst();
    }
}
