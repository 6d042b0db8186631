package dev.tenon.ws.conformance.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/**
 * The published artifacts meet the demands of Maven Central: the POMs in each build, and all files of a staged release.
 */
@Tag("once")
class StagedIT {
    private static final Map<String, String> IN_EACH_MODULE = Map.of(
            ".jar", "module-info.class",
            "-sources.jar", "module-info.java",
            "-javadoc.jar", "index.html");

    @TempDir
    Path home;

    private StagedRepository staged = new StagedRepository(Path.of(""), false);

    @BeforeEach
    void stage() throws IOException {
        staged = StagedRepository.in(home);
    }

    @Test
    void theModulesOfTheBomAndTheBomArePublishedAndNothingElse() throws IOException {
        List<String> expected = Stream.concat(Stream.of("ws-bom"), staged.modules().stream())
                .sorted()
                .toList();
        assertTrue(expected.size() > 10, expected.toString());
        assertEquals(expected, staged.artifacts());
    }

    @Test
    void everyPomHasTheElementsThatMavenCentralRequires() throws Exception {
        XPath path = XPathFactory.newInstance().newXPath();
        List<String> missing = new ArrayList<>();
        for (String artifact : staged.artifacts()) {
            Document pom = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(staged.file(artifact, ".pom").toFile());
            for (String element : List.of(
                    "groupId",
                    "artifactId",
                    "version",
                    "name",
                    "description",
                    "url",
                    "licenses/license/name",
                    "licenses/license/url",
                    "developers/developer/name",
                    "scm/connection",
                    "scm/developerConnection",
                    "scm/url")) {
                if (path.evaluate("/project/" + element, pom).isBlank()) {
                    missing.add(artifact + ": " + element);
                }
            }
            assertEquals(
                    "", path.evaluate("/project/parent", pom), artifact + " needs a parent, which is not published");
            assertEquals(
                    "0",
                    path.evaluate("count(//dependency[not(version) or scope = 'test'])", pom),
                    artifact + " has dependencies that a user does not need, or without a version");
            assertFalse(path.evaluate("/project/url", pom).endsWith(artifact), "all modules have one address");
            String text = path.evaluate("/project", pom).replace("${project.version}", "");
            assertFalse(text.contains("${"), artifact + " has a property without a value");
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyModuleHasItsSourcesItsJavadocAndWhatItConsistsOf() throws Exception {
        assumeTrue(staged.isComplete(), "release/build stages these");
        for (String module : staged.modules()) {
            for (Map.Entry<String, String> expected : IN_EACH_MODULE.entrySet()) {
                try (ZipFile jar =
                        new ZipFile(staged.file(module, expected.getKey()).toFile())) {
                    assertTrue(jar.getEntry(expected.getValue()) != null, jar.getName() + ": " + expected.getValue());
                }
            }
            String consistsOf = Files.readString(staged.file(module, "-cyclonedx.json"));
            assertTrue(consistsOf.contains("pkg:maven/dev.tenon/" + module + "@"), consistsOf);
        }
    }

    @Test
    void everyFileHasChecksumsThatAreRight() throws Exception {
        assumeTrue(staged.isComplete(), "release/build stages these");
        List<Path> files;
        try (Stream<Path> all = Files.walk(staged.folder())) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*\\.(asc|md5|sha1|sha256|sha512)"))
                    .toList();
        }
        assertTrue(files.size() > 50, files.toString());
        for (Path file : files) {
            for (Map.Entry<String, String> algorithm :
                    Map.of("md5", "MD5", "sha1", "SHA-1").entrySet()) {
                byte[] digest = MessageDigest.getInstance(algorithm.getValue()).digest(Files.readAllBytes(file));
                assertEquals(
                        HexFormat.of().formatHex(digest),
                        Files.readString(file.resolveSibling(file.getFileName() + "." + algorithm.getKey()))
                                .strip());
            }
        }
    }

    /** Uses Gradle 4 of Debian, the oldest Gradle that still runs on Java 17. */
    @Test
    void gradleResolvesThemAndTheProgramRuns() throws Exception {
        assumeTrue(staged.isComplete(), "release/build stages these");
        Path gradle = Path.of("/usr/bin/gradle");
        assumeTrue(Files.exists(gradle), "apt-get install gradle");
        assumeTrue(Runtime.version().feature() == 17, "Debian's Gradle does not run on newer versions of Java");
        Path project = Files.createDirectories(home.resolve("gradle"));
        Files.copy(Path.of("src", "consumer-gradle", "build.gradle"), project.resolve("build.gradle"));
        Path sources = Files.createDirectories(project.resolve("src/main/java"));
        Files.copy(
                Path.of("src", "consumer-echo", "src/main/java/dev/tenon/echo/Main.java"),
                sources.resolve("Main.java"));
        List<String> output = OfflineMaven.execute(
                project,
                gradle.toString(),
                "--offline",
                "--no-daemon",
                "--quiet",
                "--gradle-user-home=" + home.resolve("gradle-home"),
                "-Dstaged=" + staged.folder().toUri(),
                "-Dtenon.version=" + System.getProperty("tenon.version"),
                "run");
        assertTrue(output.contains("Grüße permessage-deflate"), output.toString());
    }
}
