package dev.tenon.ws.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of the README is this code, and prints the output shown there. */
class ReadmeTest {
    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file)).replace("\r\n", "\n");
    }

    private static void example(ByteBuffer captured, PrintStream out) {
        // <example>
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
        FrameHandler printing = Frame.joining(decoder, frame -> out.println(frame));
        try {
            while (decoder.decode(captured, printing)) {
                // each call decodes one piece of a frame
            }
            out.println(decoder.isBetweenFrames() ? "ends between frames" : "cut off inside a frame");
        } catch (ProtocolException e) {
            out.println("violates: " + e.getMessage() + ", close with " + e.closeCode());
        }
        // </example>
    }

    private static String printed(String hex) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        example(Hex.buffer(hex), new PrintStream(bytes, true, UTF_8));
        return bytes.toString(UTF_8).replace("\r\n", "\n");
    }

    @Test
    void theExampleIsTheCodeAbove() throws IOException {
        String source = read("src/test/java/dev/tenon/ws/frame/ReadmeTest.java");
        String code = source.substring(source.indexOf("// <example>\n") + 13, source.indexOf("        // </example>"))
                .stripTrailing()
                .stripIndent();
        assertTrue(read("README.md").contains("```java\n" + code + "\n```\n"), code);
    }

    @Test
    void theExamplePrintsTheOutputOfTheReadme() throws IOException {
        String expected = printed("81 85 37fa213d 7f9f4d5158" + "89 80 01020304" + "81 01 61");
        assertTrue(read("README.md").contains(expected.indent(4)), expected);
    }

    @Test
    void theExampleDistinguishesACleanEndFromACutOne() {
        assertEquals("FIN TEXT, 0 bytes\nends between frames\n", printed("81 80 01020304"));
        assertEquals("cut off inside a frame\n", printed("81 80 010203"));
    }
}
