package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The example of README.md, word for word. */
class ReadmeTest {
    private static final class Connection {
        // README begins
        final HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);

        void receive(ByteBuffer input, ServerHandshake handshake, Consumer<ByteBuffer> send) {
            try {
                HttpRequest request = parser.parse(input);
                if (request != null) { // else pass more bytes
                    UpgradeRequest upgrade = handshake.check(request, false, null);
                    send.accept(handshake.accept(upgrade).response().encode()); // the rest of the input is frames
                }
            } catch (HandshakeException e) {
                send.accept(e.toResponse().encode()); // then close the connection
            }
        }
        // README ends
    }

    private static String response(String... pieces) {
        ServerHandshake handshake = new ServerHandshake(Extensions.load(), List.of("chat"), OriginPolicy.sameOrigin());
        Connection connection = new Connection();
        StringBuilder sent = new StringBuilder();
        for (String piece : pieces) {
            connection.receive(
                    ByteBuffer.wrap(Samples.bytes(piece)), handshake, bytes -> sent.append(Samples.text(bytes)));
        }
        return sent.toString();
    }

    @Test
    void theExampleWorks() {
        assertTrue(response(Samples.REQUEST).contains(Samples.ACCEPT));
        assertEquals("", response("GET "));
        assertTrue(response("GET ", "/ nonsense\r\n").startsWith("HTTP/1.1 400 "));
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/tenon/ws/handshake/ReadmeTest.java"));
        String begin = "// README begins\n";
        String example = source.substring(
                        source.indexOf(begin) + begin.length(), source.indexOf("        // README ends"))
                .indent(-8);
        assertTrue(readme.contains("```java\n" + example + "```\n"), example);
    }
}
