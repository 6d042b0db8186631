package dev.tenon.ws.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The site of this repository as it is. */
@TestInstance(Lifecycle.PER_CLASS)
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
                .filter(link -> !leadsSomewhere(name, link))
                .forEach(link -> dead.add(name + " -> " + link)));
        assertEquals(new TreeSet<>(), dead);
    }

    private boolean leadsSomewhere(String from, String link) {
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
    void aTableIsReadBehindItsHeading() {
        Table table = Table.behind("# A\n\n| x |\n|---|\n| 1 |\n\n## B\n\n| y | z |\n|---|---|\n| 2 | 3 |\n", "B");
        assertEquals(List.of("y", "z"), table.columns());
        assertEquals(List.of(List.of("2", "3")), table.rows());
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
