package dev.tenon.ws.suite;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as HTML: an index and a page for each case. Every text is escaped. */
final class Pages {
    private static final String STYLE = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
          color: #1c2733; background: #fff }
        h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid #e3e8ee }
        th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
        td.bytes { font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
        .verdict { display: inline-block; border-radius: .3rem; padding: 0 .45rem; white-space: nowrap }
        .ok { background: #d8f3dd } .non-strict { background: #ffe7b3 } .failed { background: #ffd2d0 }
        .informational { background: #dcebff } .unimplemented, .skipped, .excluded { background: #e8eaee }
        .sent td { background: #f4f8ff } .note td { color: #5b6875; font-style: italic }
        @media (prefers-color-scheme: dark) {
          body { color: #dfe6ee; background: #14191f } th, td { border-color: #2b333d } a { color: #8ec1ff }
          .verdict { color: #14191f } .sent td { background: #1a2430 } }
        """;

    private final Report report;
    private final Map<Integer, String> chapters;

    Pages(Report report) {
        this.report = report;
        chapters = Stream.of(Carrier.values())
                .flatMap(carrier -> Catalogue.chapters(report.peer(), carrier, Settings.DEFAULT).stream())
                .collect(Collectors.toMap(Chapter::number, Chapter::title, (title, same) -> title));
    }

    /** The name of a case's page. */
    static String file(Outcome outcome) {
        return "case-" + outcome.testCase().id().replace('.', '-') + ".html";
    }

    String index() {
        Map<Integer, List<Outcome>> byChapter = report.outcomes().stream()
                .collect(Collectors.groupingBy(
                        outcome -> outcome.testCase().chapter(), TreeMap::new, Collectors.toList()));
        StringBuilder body = new StringBuilder("""
            <h1>%s, a %s</h1>
            <p>%s at %s</p>
            <table><tr>%s</tr><tr>%s</tr></table>
            """.formatted(
                escape(report.agent()),
                report.peer().word(),
                escape(report.summary()),
                escape(report.where()),
                each(List.of(Verdict.values()), verdict -> "<th class=\"number\">" + badge(verdict) + "</th>"),
                each(List.of(Verdict.values()), verdict -> "<td class=\"number\">" + report.count(verdict) + "</td>")));
        byChapter.forEach((number, outcomes) -> body.append(
                """
                <h2>%d %s</h2>
                <table><tr><th>Case</th><th>What</th><th>Rule</th><th>Verdict</th><th class="number">ms</th></tr>
                %s</table>
                """.formatted(number, escape(chapters.getOrDefault(number, "")), each(outcomes, this::row))));
        return page(report.agent() + ": conformance", body.toString());
    }

    private String row(Outcome outcome) {
        TestCase testCase = outcome.testCase();
        String reason = outcome.reason().isEmpty() ? "" : "<br>" + escape(outcome.reason());
        return """
            <tr><td><a href="%s">%s</a></td><td>%s</td><td>%s<br>%s</td><td>%s%s</td><td class="number">%d</td></tr>
            """.formatted(
                        file(outcome),
                        escape(testCase.id()),
                        escape(testCase.title()),
                        escape(testCase.rule()),
                        escape(ViolationIds.of(report.peer(), testCase)),
                        badge(outcome.verdict()),
                        reason,
                        outcome.time().toMillis());
    }

    String page(Outcome outcome) {
        TestCase testCase = outcome.testCase();
        String body = """
            <p><a href="index.html">All cases</a></p>
            <h1>%s %s</h1>
            <p>%s %s</p>
            <p>Rule: %s %s. Took %d ms.</p>
            <h2>Expected</h2><ol>%s</ol>
            <h2>What went over the wire</h2>
            <table><tr><th class="number">µs</th><th></th><th>What</th><th>Payload</th></tr>
            %s</table>
            """.formatted(
                        escape(testCase.id()),
                        escape(testCase.title()),
                        badge(outcome.verdict()),
                        escape(outcome.reason()),
                        escape(testCase.rule()),
                        escape(ViolationIds.of(report.peer(), testCase)),
                        outcome.time().toMillis(),
                        each(testCase.expectations(), text -> "<li>" + escape(text) + "</li>"),
                        each(outcome.lines(), Pages::line));
        return page(testCase.id() + " " + testCase.title(), body);
    }

    private static String line(Transcript.Line line) {
        return """
            <tr class="%s"><td class="number">%,d</td><td>%s</td><td>%s</td><td class="bytes">%s</td></tr>
            """.formatted(line.who(), line.micros(), line.who(), escape(line.what()), escape(line.bytes()));
    }

    static String page(String title, String body) {
        return """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>%s</title>
            <style>
            %s</style></head>
            <body>
            %s</body>
            </html>
            """.formatted(escape(title), STYLE, body);
    }

    static String badge(Verdict verdict) {
        return "<span class=\"verdict %s\">%s</span>".formatted(verdict.word(), verdict.word());
    }

    static <T> String each(List<T> all, java.util.function.Function<T, String> html) {
        return all.stream().map(html).collect(Collectors.joining());
    }

    /** Escapes text for an element or a quoted attribute. Control characters become visible. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) c);
                case '\r' -> {}
                default -> escaped.append(c < ' ' || c == 0x7F ? (char) ('\u2400' + (c & 0x1F)) : (char) c);
            }
        });
        return escaped.toString();
    }
}
