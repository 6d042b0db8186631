package dev.tenon.ws.conformance.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that follow the RFCs name existing classes and tests, and leave no sentence out. */
@Tag("once")
class RequirementsTest {
    private static final Path ROOT = Path.of(System.getProperty("tenon.root"));
    private static final Pattern CELLS = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");
    private static final Pattern MARK = Pattern.compile("@(Test|Example|Property|ParameterizedTest)\\b.*");

    /** The main source files and the test source files of all modules, by class name. */
    private static final Map<String, List<Path>> MAIN = sources("main");

    private static final Map<String, List<Path>> TESTS = sources("test");

    private static Map<String, List<Path>> sources(String kind) {
        Map<String, List<Path>> sources = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(ROOT)) {
            paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> ROOT.relativize(path).toString().contains("/src/" + kind + "/java/"))
                    .forEach(path -> sources.merge(
                            path.getFileName().toString().replace(".java", ""),
                            List.of(path),
                            (one, other) ->
                                    Stream.concat(one.stream(), other.stream()).toList()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return sources;
    }

    private record Requirement(String section, String sentence, String metBy, String provenBy) {
        static List<Requirement> of(String page) {
            List<Requirement> requirements = new ArrayList<>();
            String section = "";
            for (String line : page.lines().toList()) {
                if (line.startsWith("## ")) {
                    section = line.split(" ", 3)[1];
                } else if (line.startsWith("| ") && !line.startsWith("| the RFC |")) {
                    String[] cells = CELLS.split(line, -1);
                    assertEquals(5, cells.length, line);
                    requirements.add(new Requirement(section, cells[1].strip(), cells[2].strip(), cells[3].strip()));
                }
            }
            return requirements;
        }
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    private static List<String> sentences(String rfc) throws IOException {
        try (InputStream in = RequirementsTest.class.getResourceAsStream(rfc + ".tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc6455", "rfc7692", "rfc8441", "rfc9220"})
    void everySentenceIsMetByClassesAndProvenByTests(String rfc) throws IOException {
        List<Requirement> requirements = Requirement.of(Files.readString(ROOT.resolve("docs/" + rfc + ".md")));
        assertEquals(
                sentences(rfc),
                requirements.stream()
                        .map(one -> one.section() + "\t" + one.sentence().replace("\\|", "|"))
                        .toList());
        for (Requirement requirement : requirements) {
            if (requirement.provenBy().equals("–")) {
                assertTrue(requirement.metBy().split(" ").length > 4, "no reason: " + requirement);
            } else {
                assertProven(requirement);
            }
        }
    }

    private static void assertProven(Requirement requirement) throws IOException {
        List<String> classes = names(requirement.metBy());
        assertFalse(classes.isEmpty(), requirement.toString());
        for (String name : classes) {
            assertTrue(MAIN.containsKey(name), name + " is no class: " + requirement);
        }
        List<String> tests = names(requirement.provenBy());
        assertFalse(tests.isEmpty(), requirement.toString());
        for (String test : tests) {
            assertTrue(isTest(test), test + " is no test: " + requirement);
        }
    }

    /** Laws are tests in the main sources of the testkit. */
    private static boolean isTest(String name) throws IOException {
        String[] parts = name.split("\\.", 2);
        for (Path path : Stream.of(TESTS, MAIN)
                .flatMap(files -> files.getOrDefault(parts[0], List.of()).stream())
                .toList()) {
            if (hasTest(Files.readAllLines(path), " void " + parts[1] + "(")) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a method is declared after a test annotation, with no other method between them. */
    private static boolean hasTest(List<String> lines, String method) {
        boolean isMarked = false;
        for (String line : lines) {
            isMarked |= MARK.matcher(line.strip()).matches();
            if (line.contains(method)) {
                return isMarked;
            }
            isMarked &= !line.equals("    }");
        }
        return false;
    }

    @Test
    void everyFaultOfOthersHasATest() throws IOException {
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/security.md"))) {
            String[] cells = CELLS.split(line, -1);
            if (cells.length == 6 && !line.startsWith("| vulnerability |") && !line.startsWith("|---")) {
                List<String> tests = names(cells[4]);
                assertFalse(tests.isEmpty(), line);
                for (String test : tests) {
                    assertTrue(isTest(test), test + " is no test: " + line);
                }
                rows++;
            }
        }
        assertTrue(rows > 20, "only " + rows + " rows found");
    }

    @Test
    void aNameThatIsNoTestIsNoticed() throws IOException {
        assertFalse(isTest("RequirementsTest.isTest"));
        assertFalse(isTest("RequirementsTest.whatIsNotThere"));
        assertTrue(isTest("RequirementsTest.aNameThatIsNoTestIsNoticed"));
    }
}
