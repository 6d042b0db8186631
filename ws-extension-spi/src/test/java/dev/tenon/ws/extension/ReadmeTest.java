package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of README.md, word for word. */
class ReadmeTest {
    @Test
    void aNegotiation() {
        // README begins
        Extensions extensions = Extensions.load(); // or Extensions.of(...), or Extensions.none()

        // a client asks
        String request = ExtensionHeader.format(extensions.offers());
        // a server accepts
        List<NegotiatedExtension> accepted = extensions.accept(ExtensionHeader.parse(List.of("x-foo; bar=1, x-baz")));
        String response = ExtensionHeader.format(
                accepted.stream().map(NegotiatedExtension::agreed).toList());
        // a client checks the response, or fails with an ExtensionException
        List<NegotiatedExtension> agreed = extensions.confirm(List.of());
        // README ends

        assertEquals("", request + response);
        assertEquals(accepted, agreed);
    }

    @Test
    void theExamplesAreThoseOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String file : List.of("ReadmeTest.java", "Rot13.java")) {
            String source = Files.readString(Path.of("src/test/java/dev/tenon/ws/extension/" + file));
            int begin = source.indexOf("// README begins\n") + "// README begins\n".length();
            String example = source.substring(begin, source.indexOf("// README ends", begin))
                    .stripTrailing()
                    .stripIndent();
            assertTrue(readme.contains("```java\n" + example + "\n```\n"), example);
        }
    }
}
