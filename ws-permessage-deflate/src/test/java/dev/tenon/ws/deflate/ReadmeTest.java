package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of README.md, word for word. */
class ReadmeTest {
    @Test
    void withOptions() {
        // README begins
        DeflateOptions options = DeflateOptions.defaults()
                .withLevel(6)
                .withMinimumSize(256)
                .withTakeover(true, true) // outbound, inbound
                .withWindowBits(15, 11);
        PermessageDeflate deflate = new PermessageDeflate(options);
        Extensions extensions = Extensions.of(deflate); // for a server or a client
        // ... and after the last connection has ended:
        deflate.close();
        // README ends

        assertEquals(
                "permessage-deflate; server_max_window_bits=11; client_max_window_bits, "
                        + "permessage-deflate; client_max_window_bits, permessage-deflate",
                ExtensionHeader.format(extensions.offers()));
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/tenon/ws/deflate/ReadmeTest.java"));
        String begin = "// README begins\n";
        String example = source.substring(
                        source.indexOf(begin) + begin.length(), source.indexOf("        // README ends"))
                .indent(-8);
        assertTrue(readme.contains("```java\n" + example + "```\n"), example);
    }
}
