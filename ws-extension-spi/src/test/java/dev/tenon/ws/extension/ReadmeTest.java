package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of README.md, word for word. */
class ReadmeTest {
    @Test
    void aNegotiation() {
        // README begins
        Extensions extensions = Extensions.load(); // or Extensions.of(...), or Extensions.none()

        // a client asks
        String request = ExtensionHeader.format(extensions.offers());
        // a server answers
        List<NegotiatedExtension> answer = extensions.answer(ExtensionHeader.parse(List.of("x-foo; bar=1, x-baz")));
        String response = ExtensionHeader.format(
                answer.stream().map(NegotiatedExtension::agreed).toList());
        // a client checks the answer, or fails with an ExtensionException
        List<NegotiatedExtension> agreed = extensions.confirm(List.of());
        // README ends

        assertEquals("", request + response);
        assertEquals(answer, agreed);
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/tenon/ws/extension/ReadmeTest.java"));
        String begin = "// README begins\n";
        String example = source.substring(
                        source.indexOf(begin) + begin.length(), source.indexOf("        // README ends"))
                .indent(-8);
        assertTrue(readme.contains("```java\n" + example + "```\n"), example);
    }
}
