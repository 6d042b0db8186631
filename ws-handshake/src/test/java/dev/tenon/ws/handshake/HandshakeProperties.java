package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.ANSWER;
import static dev.tenon.ws.handshake.Samples.REQUEST;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.connect;
import static dev.tenon.ws.handshake.Samples.serve;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Laws of both ends. {@link Samples#serve} and {@link Samples#connect} pass on every exception except the documented
 * one, so every property here also finds undocumented exceptions.
 */
class HandshakeProperties {
    @Property(tries = 2000)
    void splittingRequestsAnywhereYieldsTheSameDecision(
            @ForAll("requests") String request, @ForAll("cuts") int[] cuts) {
        String whole = serve(bytes(request), Integer.MAX_VALUE / 2);
        assertEquals(whole, serve(bytes(request), cuts));
        assertEquals(whole, serve(bytes(request), 1));
        Statistics.label("decision").collect(kind(whole));
    }

    @Property(tries = 2000)
    void splittingResponsesAnywhereYieldsTheSameDecision(
            @ForAll("answers") String response, @ForAll("cuts") int[] cuts) {
        String whole = connect(bytes(response), Integer.MAX_VALUE / 2);
        assertEquals(whole, connect(bytes(response), cuts));
        assertEquals(whole, connect(bytes(response), 1));
        Statistics.label("decision").collect(kind(whole));
    }

    @Property
    void anyOrderAndCaseOfRequestHeadersYieldsTheSameDecision(@ForAll Random random) {
        assertEquals(serve(bytes(REQUEST), 9999), serve(bytes(shuffled(REQUEST, random)), 9999));
    }

    @Property
    void anyOrderAndCaseOfResponseHeadersIsAccepted(@ForAll Random random) {
        assertTrue(connect(bytes(shuffled(ANSWER, random)), 9999).startsWith("left 0\nchat\n"));
    }

    @Property
    void bytesAfterAHeadStayInTheInput(@ForAll byte[] frames) {
        String head = REQUEST + new String(frames, StandardCharsets.ISO_8859_1);
        assertTrue(serve(bytes(head), 9999).startsWith("left " + frames.length + "\n"));
        String response = ANSWER + new String(frames, StandardCharsets.ISO_8859_1);
        assertTrue(connect(bytes(response), 9999).startsWith("left " + frames.length + "\n"));
    }

    @Property
    void noBytesMakeTheParsersThrowAnythingElse(@ForAll byte[] input, @ForAll("cuts") int[] cuts) {
        assertEquals(serve(input, 9999), serve(input, cuts));
        assertEquals(connect(input, 9999), connect(input, cuts));
    }

    @Property
    void chunkedBodiesReadTheSameInAnySplit(@ForAll("bodies") String body, @ForAll("cuts") int[] cuts) {
        String response = "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
        assertEquals(connect(bytes(response), 9999), connect(bytes(response), cuts));
    }

    @Property
    void urisAreRefusedWithIllegalArgumentAlone(@ForAll("uris") String text) {
        try {
            WebSocketUri uri = WebSocketUri.parseStrict(text);
            assertEquals(uri, WebSocketUri.parseStrict(uri.toString()), "the text form means the same");
            ClientHandshake.to(uri).start().request().encode();
        } catch (IllegalArgumentException e) {
            Statistics.collect("refused");
        }
    }

    @Property
    void theLenientReaderAcceptsEverythingThatTheStrictOneAccepts(@ForAll("uris") String text) {
        WebSocketUri lenient = null;
        try {
            lenient = WebSocketUri.parse(text);
            assertEquals(lenient, WebSocketUri.parse(lenient.toString()), "the text form means the same");
            ClientHandshake.to(lenient).start().request().encode();
            lenient.toHttpUri();
        } catch (IllegalArgumentException e) {
            assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict(text));
        }
        Statistics.collect(lenient == null ? "refused" : "taken");
    }

    @Property
    void referencesAreRefusedWithIllegalArgumentAlone(@ForAll("uris") String reference) {
        try {
            WebSocketUri uri = WebSocketUri.parse("wss://example.org/a/b?c").resolve(reference);
            assertEquals(uri, uri.resolve(uri.toString()));
        } catch (IllegalArgumentException e) {
            Statistics.collect("refused");
        }
    }

    @Property
    void headersRefuseWhatCouldBreakALine(@ForAll("injections") String name, @ForAll("injections") String value) {
        String outcome = "refused";
        for (Headers start : List.of(Headers.empty(), Headers.of("A", "b"))) {
            try {
                Headers headers =
                        start.toBuilder().add(name, "c").add("X", value).build();
                String head = Samples.text(HttpResponse.of(204, headers).encode());
                assertEquals(headers.size(), head.split("\r\n", -1).length - 3, head);
                assertEquals(headers, parsed(head));
                outcome = "accepted";
            } catch (IllegalArgumentException e) {
                assertEquals("refused", outcome);
            }
        }
        Statistics.collect(outcome);
    }

    private static Headers parsed(String head) {
        HttpResponse response = HttpHeadParser.forResponses(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bytes(head)));
        assertNotNull(response);
        return response.headers();
    }

    @Provide
    Arbitrary<int[]> cuts() {
        return Arbitraries.integers()
                .between(1, 80)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> requests() {
        return edited(REQUEST);
    }

    @Provide
    Arbitrary<String> answers() {
        Arbitrary<String> plain = Arbitraries.of(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 302 Found\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 500 Oops\r\n\r\nuntil the end");
        return Arbitraries.oneOf(edited(ANSWER), plain.flatMap(HandshakeProperties::edited));
    }

    @Provide
    Arbitrary<String> bodies() {
        return edited("5\r\nhello\r\n10 ; x=y\r\n0123456789abcdef\r\n0\r\nTrailer: x\r\n\r\n");
    }

    @Provide
    Arbitrary<String> uris() {
        Arbitrary<String> parts = Arbitraries.of(
                "ws",
                "wss",
                "http",
                "://",
                ":",
                "//",
                "/",
                "?",
                "#",
                "@",
                "[::1]",
                "[fe80::1%25a]",
                "\\",
                "|",
                "ß",
                "[",
                "]",
                "example.org",
                "ü",
                "%20",
                "%",
                "80",
                "443",
                "..",
                ".",
                "a",
                " ",
                "\r\n",
                "\uD800");
        Arbitrary<String> joined = parts.list().ofMaxSize(8).map(list -> String.join("", list));
        return Arbitraries.oneOf(joined, edited("wss://example.org:8443/a/../b?c=%C3%BC"));
    }

    @Provide
    Arbitrary<String> injections() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.of("a", "b-c", "D")),
                        Tuple.of(1, Arbitraries.of("\r", "\n", ": ", "\0", " ", "\t", "é", "€", "Set-Cookie: x")))
                .list()
                .ofMaxSize(6)
                .map(list -> String.join("", list));
    }

    /**
     * Returns the text after a few edits: parts removed, doubled, or replaced by characters with a meaning in a head.
     */
    private static Arbitrary<String> edited(String text) {
        Arbitrary<String> inserts = Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "\r",
                        "\n",
                        "\r\n",
                        "\r\n\r\n",
                        " ",
                        "\t",
                        ":",
                        ",",
                        ";",
                        "\"",
                        "=",
                        "\0",
                        "\u00ff",
                        "websocket",
                        "Host: x\r\n",
                        "Content-Length: 3\r\n",
                        "Transfer-Encoding: chunked\r\n",
                        "0",
                        "F",
                        "HTTP/1.0"),
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(3));
        Arbitrary<Edit> edits = Combinators.combine(
                        Arbitraries.integers().between(0, text.length()),
                        Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(2, 1), Tuple.of(1, 9)),
                        inserts)
                .as(Edit::new);
        return edits.list().ofMaxSize(3).map(list -> {
            String result = text;
            for (Edit edit : list) {
                result = edit.apply(result);
            }
            return result;
        });
    }

    private record Edit(int at, int removed, String inserted) {
        String apply(String text) {
            int start = Math.min(at, text.length());
            return text.substring(0, start) + inserted + text.substring(Math.min(text.length(), start + removed));
        }
    }

    private static String shuffled(String head, Random random) {
        List<String> lines = new ArrayList<>(List.of(head.strip().split("\r\n")));
        Collections.shuffle(lines.subList(1, lines.size()), random);
        StringBuilder result = new StringBuilder(lines.get(0)).append("\r\n");
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            boolean anyCase = line.startsWith("Upgrade") || line.startsWith("Connection");
            result.append(mixed(line.substring(0, colon), random))
                    .append(':')
                    .append(" \t ".repeat(random.nextInt(3)))
                    .append(anyCase ? mixed(line.substring(colon + 2), random) : line.substring(colon + 2))
                    .append(" ".repeat(random.nextInt(3)))
                    .append("\r\n");
        }
        return result.append("\r\n").toString();
    }

    private static String mixed(String text, Random random) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            String one = text.substring(i, i + 1);
            result.append(random.nextBoolean() ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
        }
        return result.toString();
    }

    private static String kind(String decision) {
        return decision.startsWith("left")
                ? decision.contains("plain") ? "plain" : "upgraded"
                : "refused or incomplete";
    }
}
