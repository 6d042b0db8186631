package dev.tenon.ws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of the testkit's guide is compiled and run here. */
class GuideTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)\\n```$");
    private static final Pattern REGION = Pattern.compile("(?ms)^ *// region \\w+\\n(.*?)\\n *// endregion$");

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1).stripTrailing().stripIndent())
                .toList();
    }

    @Test
    void itsCodeIsTheCodeThatIsRunHere() throws IOException {
        List<String> regions = new ArrayList<>();
        for (String part : List.of("Extension", "Proxy", "Server")) {
            regions.addAll(
                    found(REGION, Path.of("src/test/java/dev/tenon/ws/examples/guide", part + "GuideProperties.java")));
        }
        assertEquals(8, regions.size());
        assertEquals(regions, found(BLOCK, Path.of("..", "ws-testkit", "README.md")));
    }
}
