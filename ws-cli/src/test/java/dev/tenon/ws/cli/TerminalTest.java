package dev.tenon.ws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text of a peer can control the terminal. */
@SuppressWarnings("NullAway") // a null fails its test
class TerminalTest {
    /** All control characters that terminals obey: C0, DEL, C1, and those that move the text around them. */
    static final String OBEYED = Stream.of(
                    IntStream.rangeClosed(0, 0x1F),
                    IntStream.rangeClosed(0x7F, 0x9F),
                    IntStream.of(0x61C, 0x200E, 0x200F),
                    IntStream.rangeClosed(0x2028, 0x202E),
                    IntStream.rangeClosed(0x2066, 0x2069))
            .flatMapToInt(characters -> characters)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Terminal terminal =
            new Terminal(new PrintStream(new ByteArrayOutputStream()), new PrintStream(errors, true, UTF_8));

    private static void assertHarmless(String text) {
        text.chars().forEach(c -> assertTrue(OBEYED.indexOf(c) < 0, () -> String.format("U+%04X in %s", c, text)));
    }

    @Test
    void eachCharacterThatIsObeyedIsEscapedAndNoOther() {
        assertHarmless(Terminal.line(OBEYED));
        assertEquals("a\\u009b2J\\u202e", Terminal.line("a\u009b2J\u202e"));
        assertEquals("a\nb\tc\\u001b", Terminal.escaped("a\nb\tc\u001b"));
        assertEquals("Grüße, 世界 \ud83d\ude00 \u00a0", Terminal.line("Grüße, 世界 \ud83d\ude00 \u00a0"));
    }

    @Test
    void aNoteIsOneLine() {
        terminal.note("closed: " + OBEYED);
        assertHarmless(errors.toString(UTF_8).strip());
    }

    /** Returns failures whose messages quote the peer. */
    static List<Throwable> failures() {
        String reason =
                "No" + OBEYED.replaceAll("[\\x00-\\x1F\\x7F\\u0100-\\uFFFF]", ""); // characters that the parser accepts
        HttpResponse refusal = new HttpResponse(403, reason, Headers.empty(), ByteBuffer.wrap(OBEYED.getBytes(UTF_8)));
        return List.of(
                new HandshakeException("refused", refusal),
                new HandshakeException("wrong: " + OBEYED, null),
                new SSLException("the server's certificate is for another host (" + OBEYED + ")"),
                new IOException("the proxy says: 403 " + OBEYED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureThatRepeatsWhatThePeerSaidIsEscaped(Throwable failure) {
        String message = ConnectFailure.explain(failure, WebSocketUri.parse("ws://name.test/"));
        assertHarmless(Problem.failed(message).getMessage());
    }

    @Test
    void theReasonOfACloseIsEscaped() {
        Conversation.Limits limits = new Conversation.Limits(Duration.ZERO, 0, Duration.ZERO);
        Conversation conversation = new Conversation(new TextOutput(terminal, true), limits, new Timings());
        conversation.onClose(null, new CloseEvent(CloseCode.NORMAL_CLOSURE, OBEYED, true, new IOException(OBEYED)));
        assertHarmless(errors.toString(UTF_8).strip());
    }
}
