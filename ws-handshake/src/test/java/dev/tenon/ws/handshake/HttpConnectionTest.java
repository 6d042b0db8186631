package dev.tenon.ws.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection, with the calls of its transport and of its application. */
class HttpConnectionTest extends HttpConnectionTestBase {
    @Nested
    class Responses {
        private String response(String method, HttpResponse response) {
            HttpRig rig = new HttpRig();
            rig.handler = request -> response;
            rig.receive(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
            return rig.sent.toString();
        }

        @Test
        void haveADateAndALength() {
            HttpRig rig = new HttpRig().receive(GET);
            assertEquals(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n" + DATE
                            + "\r\n/a=",
                    rig.sent.toString());
        }

        @ParameterizedTest
        @ValueSource(strings = {"30", "0", "1", "99999999999999999999", "x", "5, 5"})
        void haveTheirTrueLengthWhateverTheApplicationDeclares(String declared) {
            HttpResponse response = HttpResponse.text(200, "hello");
            Headers headers = response.headers().toBuilder()
                    .add("content-length", declared)
                    .build();
            String written = response("GET", response.withHeaders(headers));
            assertTrue(written.contains("\r\nContent-Length: 5\r\n"), written);
            assertFalse(written.contains("content-length"), written);
            assertTrue(written.endsWith("\r\n\r\nhello"), written);
            String empty = response("GET", HttpResponse.of(200, headers));
            assertTrue(empty.contains("\r\nContent-Length: 0\r\n"), empty);
        }

        @Test
        void mayBePages() {
            String written = response("GET", HttpResponse.html(404, "<p>näh"));
            assertTrue(
                    written.startsWith("HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\n"),
                    written);
            assertTrue(written.contains("Content-Length: 7\r\n"), written);
        }

        @Test
        void toHeadHaveTheLengthButNotTheBody() {
            String written = response("HEAD", HttpResponse.text(200, "hello"));
            assertTrue(written.contains("Content-Length: 5\r\n"), written);
            assertTrue(written.endsWith("\r\n\r\n"), written);
            String declared = response("HEAD", HttpResponse.of(200, Headers.of("Content-Length", "30")));
            assertTrue(declared.contains("Content-Length: 30\r\n"), declared);
        }

        @Test
        void withoutABodyByTheirStatusHaveNone() {
            assertFalse(response("GET", HttpResponse.of(204, Headers.of("Content-Length", "7")))
                    .contains("Length"));
            assertFalse(response("GET", HttpResponse.of(304, Headers.empty())).contains("Length"));
            String notModified = response("GET", HttpResponse.of(304, Headers.of("Content-Length", "7")));
            assertTrue(notModified.contains("Content-Length: 7\r\n"), "of the 200 that a GET would have got");
        }

        @ParameterizedTest
        @ValueSource(ints = {100, 101, 103, 199, 204, 205, 304})
        void thatAClientWouldMisreadDoNotLeave(int status) {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET);
            HttpResponse broken = HttpResponse.of(status, Headers.empty()).withBody(ByteBuffer.allocate(1));
            assertThrows(IllegalStateException.class, () -> rig.http.respond(broken, 0));
            HttpResponse chunked = HttpResponse.of(200, Headers.of("Transfer-Encoding", "chunked"));
            assertThrows(IllegalStateException.class, () -> rig.http.respond(chunked, 0));
            rig.respond(HttpResponse.text(500, "sorry"));
            assertTrue(rig.sent.toString().startsWith("HTTP/1.1 500 "), "the first bytes that leave");
        }

        @Test
        void haveNoControlCharacterInTheReason() {
            HttpResponse response = HttpResponse.of(200, Headers.empty());
            StringBuilder all = new StringBuilder();
            for (char c = 0x80; c <= 0xFF; c++) {
                try {
                    response = new HttpResponse(200, "a" + c, Headers.empty(), ByteBuffer.allocate(0));
                } catch (IllegalArgumentException refusedAtOnce) {
                    continue;
                }
                all.append(response("GET", response).lines().findFirst().orElseThrow());
            }
            assertTrue(all.chars().noneMatch(c -> c >= 0x80 && c < 0xA0), all.toString());
            assertTrue(all.toString().contains("\u00FF"), "letters stay");
        }
    }

    @Nested
    class Bodies {
        @ParameterizedTest
        @ValueSource(
                strings = {"Content-Length: 1048576\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n"})
        void thatNoRouteReadsAreRefusedAtTheHead(String length) {
            HttpRig rig = new HttpRig();
            rig.limit = request -> 0;
            rig.receive(post(length + "Expect: 100-continue\r\n", ""));
            assertTrue(rig.sent.toString().startsWith("HTTP/1.1 413 "), rig.sent.toString());
            assertEquals(List.of("head POST /p", "refused 413", "EndOutput[]"), rig.log);
            rig.receive("x".repeat(100_000));
            assertEquals(0, rig.unreadBytes(), "dropped, not held");
            assertEquals(1, responses(rig));
        }

        @Test
        void withinTheLimitGet100ContinueAndAreRead() {
            HttpRig rig = new HttpRig().receive(post("Content-Length: 5\r\nExpect: 100-Continue\r\n", ""));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", rig.sent.toString());
            rig.receive("hello");
            assertTrue(rig.sent.toString().endsWith("/p=hello"));
        }

        @Test
        void ofHttp10GetNo100Continue() {
            HttpRig rig =
                    new HttpRig().receive("POST /p HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertEquals("", rig.sent.toString());
        }

        @Test
        void thatArePlainlyTooLongAreRefusedAtTheHeadAndOthersAtTheLimit() {
            HttpRig declared = new HttpRig().receive(post("Content-Length: 101\r\n", ""));
            assertTrue(declared.log.contains("refused 413"));
            HttpRig chunked = new HttpRig().receive(post("Transfer-Encoding: chunked\r\n", "65\r\n" + "x".repeat(100)));
            assertFalse(chunked.log.contains("refused 413"));
            chunked.receive("x");
            assertTrue(chunked.log.contains("refused 413"));
        }

        @Test
        void thatAreLeftUnreadEndTheConnection() {
            HttpRig rig = new HttpRig();
            rig.http.receive(ByteBuffer.wrap(post("Content-Length: 5\r\n", "").getBytes(ISO_8859_1)), 0);
            assertTrue(rig.http.nextEvent() instanceof HttpEvent.Head);
            rig.respond(HttpResponse.text(404, "no"));
            assertTrue(rig.sent.toString().contains("Connection: close\r\n"));
            rig.receive("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(1, responses(rig));
        }
    }

    @Nested
    class Requests {
        @Test
        void mayHaveEmptyLinesBeforeThem() {
            HttpRig rig = new HttpRig().receive(post("Content-Length: 1\r\n", "x") + "\r\n\r\n" + GET + "\r\n");
            assertEquals(2, responses(rig));
            rig.at(10);
            assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1), "a quiet end, no 408");
        }

        @Test
        void behindAnEmptyLineAreNotBegunForADrain() {
            HttpRig rig = new HttpRig().receive(GET + "\r\n");
            rig.http.drain();
            assertEquals("Close[abort=false]", String.valueOf(rig.http.nextEvent()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\r\r\n", "\n", "\r\nX\r\n", "\rGET / HTTP/1.1\r\n"})
        void haveNothingElseBeforeThem(String before) {
            HttpRig rig = new HttpRig().receive(before + GET);
            assertEquals(List.of("refused 400", "EndOutput[]"), rig.log);
        }

        @Test
        void ofNothingButEmptyLinesEnd() {
            HttpRig rig = new HttpRig().receive("\r\n".repeat(5000));
            assertEquals(List.of("refused 400", "EndOutput[]"), rig.log);
        }

        @Test
        void forATunnelAreRefused() {
            HttpRig rig = new HttpRig().receive("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(List.of("refused 501", "EndOutput[]"), rig.log);
        }

        @ParameterizedTest
        @CsvSource({
            "GET / HTTP/1.0, true",
            "GET / HTTP/1.1, false",
        })
        void ofHttp10AreTheLast(String line, boolean last) {
            HttpRig rig = new HttpRig().receive(line + "\r\nHost: h\r\n\r\n");
            assertEquals(last, rig.sent.toString().contains("Connection: close\r\n"));
            assertEquals(last, rig.log.contains("EndOutput[]"));
        }
    }

    @Nested
    class Exchanges {
        @Test
        void areOneAtATimeAndInOrder() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + "GET /b HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            assertEquals(List.of("head GET /a", "request /a "), rig.log);
            rig.respond(HttpResponse.text(200, "1"));
            assertEquals("request /b ", rig.log.get(3));
            rig.respond(HttpResponse.text(200, "2")).respond(HttpResponse.text(200, "3"));
            assertEquals(3, responses(rig));
            rig.respond(HttpResponse.text(200, "4"));
            assertEquals("too late", rig.log.get(6));
        }

        @Test
        void endWhenTheClientLeaves() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + GET).leave();
            assertEquals(List.of("head GET /a", "request /a ", "Cancelled[]"), rig.log, "told at once");
            rig.at(2);
            assertEquals("Close[abort=false]", rig.log.get(3));
            rig.respond(HttpResponse.text(200, "news"));
            assertEquals("", rig.sent.toString());
        }

        @Test
        void ofClientsThatEndOneDirectionOnlyAreAnsweredForAWhile() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + GET).leave().respond(HttpResponse.text(200, "1"));
            assertEquals("request /a ", rig.log.get(4));
            rig.respond(HttpResponse.text(200, "2"));
            assertEquals(2, responses(rig));
            assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1));
            assertEquals(2, rig.log.stream().filter("Cancelled[]"::equals).count());
        }

        @Test
        void endWhenTheTransportFails() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET);
            rig.http.closed();
            assertEquals("Cancelled[]", String.valueOf(rig.http.nextEvent()));
            assertFalse(rig.http.respond(HttpResponse.text(200, ""), 0));
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
        }

        @Test
        void endWhenTheResponseIsTooLate() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET).at(59);
            assertEquals(60 * HttpRig.SECOND, rig.http.nextDeadline());
            rig.at(60);
            assertEquals(List.of("head GET /a", "request /a ", "Cancelled[]", "refused 503", "EndOutput[]"), rig.log);
            rig.respond(HttpResponse.text(200, "news"));
            assertEquals(1, responses(rig));
        }

        @Test
        void mayHaveATimeoutOfTheirOwn() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> {
                rig.http.responseTimeout(Duration.ofSeconds(Long.MAX_VALUE), rig.now);
                return null;
            };
            rig.receive(GET);
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
            rig.at(1_000_000_000);
            assertFalse(rig.log.contains("Cancelled[]"));
            rig.respond(HttpResponse.text(200, "")).receive(GET);
            assertEquals(2, rig.log.stream().filter("request /a "::equals).count());
        }

        @Test
        void holdABoundedAmountOfWhatFollows() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET);
            for (int i = 0; i < 40; i++) {
                rig.receive("x".repeat(1000));
            }
            assertFalse(rig.http.isReadyForInput());
            assertEquals(40_000 - 16 * 1024, rig.unreadBytes());
        }
    }

    @Nested
    class Upgrades {
        private static final String UPGRADE =
                "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        private final HttpResponse switching = HttpResponse.of(101, Headers.of("Upgrade", "websocket"));

        @Test
        void leaveWhatFollowsToTheNextProtocol() {
            HttpRig rig = new HttpRig().receive(GET + UPGRADE + "frames");
            assertEquals("head GET /ws", rig.log.get(2));
            assertEquals(0, rig.http.upgrade(switching).remaining());
            assertEquals(6, rig.unreadBytes());
            rig.receive("");
            assertTrue(rig.sent.toString().endsWith("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
            assertFalse(rig.http.isReadyForInput());
        }

        @Test
        void giveBackTheBytesHeldMeanwhile() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET).receive(UPGRADE + "frames").respond(HttpResponse.text(200, ""));
            assertEquals(
                    "frames", ISO_8859_1.decode(rig.http.upgrade(switching)).toString());
        }

        @Test
        void areCancelledWithTheirClient() {
            HttpRig rig = new HttpRig().receive(UPGRADE).leave();
            assertEquals(List.of("head GET /ws", "Cancelled[]", "Close[abort=false]"), rig.log);
            assertThrows(IllegalStateException.class, () -> rig.http.upgrade(switching));
        }

        @Test
        void areCancelledWithAClientThatHasLeftBefore() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + UPGRADE).leave().respond(HttpResponse.text(200, ""));
            List<String> last = rig.log.subList(rig.log.size() - 3, rig.log.size());
            assertEquals(List.of("head GET /ws", "Cancelled[]", "Close[abort=false]"), last);
        }

        @Test
        void areNotAcceptedForAClientThatHasLeftBefore() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + UPGRADE).leave();
            rig.http.respond(HttpResponse.text(200, ""), 0);
            rig.http.sent(0);
            HttpEvent event = rig.http.nextEvent();
            while (!(event instanceof HttpEvent.Head)) {
                event = Objects.requireNonNull(rig.http.nextEvent());
            }
            assertFalse(rig.http.mayUpgrade());
            assertThrows(IllegalStateException.class, () -> rig.http.upgrade(switching));
            assertEquals("Cancelled[]", String.valueOf(rig.http.nextEvent()));
        }

        @Test
        void haveATime() {
            HttpRig rig = new HttpRig().receive(UPGRADE).at(60);
            assertEquals(List.of("head GET /ws", "Cancelled[]", "refused 503", "EndOutput[]"), rig.log);
        }
    }
}
