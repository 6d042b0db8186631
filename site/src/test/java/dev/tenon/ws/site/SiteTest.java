package dev.tenon.ws.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The site of this repository as it is. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("once")
class SiteTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ANCHOR = Pattern.compile("\\bid=\"([^\"]*)\"");

    private final Map<String, String> pages = new TreeMap<>();
    private final TreeSet<String> files = new TreeSet<>();

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        Site.write(ROOT, folder);
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                files.add(name);
                if (name.endsWith(".html")) {
                    pages.put(name, Files.readString(file));
                }
            }
        }
    }

    private static List<String> found(Pattern pattern, String html) {
        return pattern.matcher(html).results().map(match -> match.group(1)).toList();
    }

    @Test
    void everyLinkLeadsToAPageAndItsHeading() {
        TreeSet<String> dead = new TreeSet<>();
        pages.forEach((name, html) -> found(REFERENCE, html).stream()
                .filter(link -> !link.matches("(?i)(https?|data|wss?):.*"))
                .filter(link -> !hasTarget(name, link))
                .forEach(link -> dead.add(name + " -> " + link)));
        assertEquals(new TreeSet<>(), dead);
    }

    private boolean hasTarget(String from, String link) {
        String[] parts = link.split("#", 2);
        String file = parts[0].isEmpty() ? from : parts[0];
        if (parts.length == 1) {
            return files.contains(file);
        }
        return pages.containsKey(file) && found(ANCHOR, pages.get(file)).contains(parts[1]);
    }

    @Test
    void everyPageIsInTheNavigationOfEveryPage() {
        for (String html : pages.values()) {
            for (String name : pages.keySet()) {
                assertTrue(html.contains("<a href=\"" + name + "\""), name);
            }
        }
    }

    @Test
    void everyPageHasAHeadingAndNothingIsLeftToFillIn() {
        pages.forEach((name, html) -> {
            assertTrue(html.contains("<h1"), name);
            assertFalse(
                    Pattern.compile("\\{(title|navigation|content|programs|chart)\\}")
                            .matcher(html)
                            .find(),
                    name);
        });
    }

    @Test
    void theFirstPageHasThreeProgramsAndAChart() {
        String first = pages.getOrDefault("index.html", "");
        assertEquals(3, first.split("<figure>").length - 1);
        assertTrue(first.contains("class=\"bar bar2\""));
    }

    @Test
    void chartsAndTablesAreMadeOfTheResultsAndChangeWithThem(@TempDir Path folder) throws IOException {
        String page = pages.getOrDefault("benchmarks.html", "");
        assertEquals(3, page.split("class=\"chart\"").length - 1, "servers, fan-out, TLS");
        assertEquals(3, page.split("<caption>").length - 1);
        assertFalse(page.contains("<!-- results:"));

        Files.writeString(folder.resolve("servers.json"), """
                {"title": "CPU", "unit": "\\u00b5s", "taken": "2030-01-01", "java": "30", "cores": 3, "system": "S", "reference": "raw",
                 "servers": ["raw", "tenon", "other"], "workloads": [{"name": "one", "title": "T <1>", "rows": {
                 "raw": {"cpuMicros": 2}, "tenon": {"cpuMicros": 3, "lowest": 2.5, "highest": 3.5}, "other": {"cpuMicros": 123456}}}]}
                """);
        String made = Results.insertInto("a <!-- results: servers --> b", folder);
        assertTrue(made.startsWith("a <svg") && made.endsWith("</div> b"), made);
        assertTrue(made.contains(">1.50</text>"), made);
        assertTrue(made.contains("µs. Taken on 2030-01-01: S, 3 cores, 30."), made);
        assertTrue(made.contains("3.00<br><small>2.50–3.50</small>"), made);
        assertTrue(made.contains("123,456") && made.contains("T &lt;1>"), made);
    }

    @Test
    void resultsThatAreNoJsonAreAnError() {
        for (String wrong : List.of("{", "{\"a\" 1}", "[1, 2", "nonsense", "{} {}", "\"\\x\"")) {
            assertThrows(IOException.class, () -> JsonValue.parse(wrong), wrong);
        }
    }

    @Test
    void longNamesBreakBetweenTheirWordsAndProgramsDoNot() {
        Renderer renderer = new Renderer(List.of());
        assertEquals(
                "<p><code>Frame<wbr>Decoder<wbr>Test.<wbr>aB</code></p>\n",
                renderer.render("a.md", "`FrameDecoderTest.aB`"));
        assertTrue(renderer.render("a.md", "# From a.b.OkHttp").contains(">From a.<wbr>b.<wbr>Ok<wbr>Http</h1>"));
        assertEquals("<pre><code>a.getName();\n</code></pre>\n", renderer.render("a.md", "    a.getName();"));
    }

    @Test
    void theFirstMinuteIsTheFirstPageAfterTheOverview() throws IOException {
        assertEquals("docs/guides/first-minute.md", Catalogue.of(ROOT).get(0).source());
    }

    @Test
    void linksLeadToPagesAndOthersKeepTheirText() {
        Renderer renderer = new Renderer(
                List.of(new Page("a/README.md", "a.html", "", "A"), new Page("docs/b.md", "b.html", "", "B")));
        assertEquals(
                "<p><a href=\"a.html#x\">1</a> <a href=\"a.html\">2</a> 3 <a href=\"https://x.org/\">4</a></p>\n",
                renderer.render("docs/b.md", "[1](../a/README.md#x) [2](../a) [3](../LICENSE) [4](https://x.org/)"));
    }
}
