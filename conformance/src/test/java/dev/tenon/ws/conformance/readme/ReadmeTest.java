package dev.tenon.ws.conformance.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in README.md compiles and works. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("tenon.root"));
    private static final String PROGRAMS = "src/test/java/dev/tenon/ws/examples/programs/*.java";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)\\n```$");
    private static final Pattern REGION = Pattern.compile("(?ms)^ *// region \\w+\\n(.*?)\\n *// endregion$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1).stripIndent())
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void itsCodeIsTheCodeThatIsCompiledAndRun() throws IOException {
        Path source = ROOT.resolve("conformance/src/test/java/dev/tenon/ws/conformance/readme/Snippets.java");
        Set<String> compiled = new HashSet<>(found(REGION, Files.readString(source)));
        for (Path program : files(PROGRAMS)) {
            String text = Files.readString(program);
            if (!program.endsWith("package-info.java") && !program.endsWith("ProgramsTest.java")) {
                compiled.add(text.replaceFirst("package .*;\n\n", "").stripTrailing());
            }
        }
        assertTrue(compiled.size() > 8, "only " + compiled.size() + " programs found");
        assertEquals(compiled, Set.copyOf(found(BLOCK, readme())));
    }

    @Test
    void noneOfItsProgramsIsLongerThan25Lines() throws IOException {
        for (String block : found(BLOCK, readme())) {
            assertTrue(block.lines().count() <= 25, block);
        }
    }

    @Test
    void theCodeOfEveryOtherReadmeIsInATest() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path source : files("src/test/java/**.java")) {
            sources.add(Files.readString(source).replaceAll("(?m)^ +", ""));
        }
        int blocks = 0;
        for (Path page : pages()) {
            for (String block : found(BLOCK, Files.readString(page))) {
                String code = block.replaceAll("(?m)^ +", "") + "\n";
                assertTrue(sources.stream().anyMatch(source -> source.contains(code)), page + " alone has\n" + block);
                blocks++;
            }
        }
        assertTrue(blocks >= 10, "only " + blocks + " blocks of code found");
    }

    /** Returns all pages except the first: the READMEs of modules, and the documents. */
    private static List<Path> pages() throws IOException {
        try (Stream<Path> documents = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            files("README.md").stream(),
                            documents.filter(path -> path.toString().endsWith(".md")))
                    .toList();
        }
    }

    /** Returns the files of all modules that match a pattern. */
    private static List<Path> files(String pattern) throws IOException {
        PathMatcher matcher = ROOT.getFileSystem().getPathMatcher("glob:*/" + pattern);
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(path -> matcher.matches(ROOT.relativize(path))).toList();
        }
    }

    @Test
    void itsTwoCommandsComeFirst() throws IOException {
        List<String> commands = readme().lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.strip().replaceFirst(" +#.*", ""))
                .limit(2)
                .toList();
        assertEquals(List.of("./ws demo", "mvn verify"), commands);
    }

    @Test
    void itsLinksLeadSomewhere() throws IOException {
        for (String page : List.of("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
            for (String link : found(LINK, Files.readString(ROOT.resolve(page)))) {
                assertTrue(Files.exists(ROOT.resolve(link)), page + " links to " + link);
            }
        }
    }

    @Test
    void theArchitectureFitsOnItsPages() throws IOException {
        assertTrue(Files.readAllLines(ROOT.resolve("ARCHITECTURE.md")).size() <= 150);
    }

    @Test
    void itsServerEchoesToItsClient() throws IOException {
        List<String> received = new ArrayList<>();
        try (WebSocketServer server = Snippets.server(0)) {
            Snippets.client("ws://127.0.0.1:" + server.port() + "/echo", new WebSocketListener() {
                @Override
                public void onText(WebSocket webSocket, String text) {
                    received.add(text);
                }

                @Override
                public void onClose(WebSocket webSocket, CloseEvent event) {
                    received.add(event.code() + (event.wasClean() ? " clean" : " unclean"));
                }
            });
        }
        assertEquals(List.of("hello", "1000 clean"), received);
    }

    @Test
    void itsCodecReadsTheFrameOfTheRfc() { // RFC 6455 §5.7: a masked "Hello"
        assertEquals("FIN TEXT 5", Snippets.codec(ByteBuffer.wrap(HexFormat.of().parseHex("818537fa213d7f9f4d5158"))));
    }
}
