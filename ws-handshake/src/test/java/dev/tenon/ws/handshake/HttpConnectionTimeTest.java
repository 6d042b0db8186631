package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadlines of an HTTP connection, and its end when the server drains. */
class HttpConnectionTimeTest extends HttpConnectionTestBase {
    @Nested
    class Time {
        @ParameterizedTest
        @CsvSource({
            "'', false, Close[abort=false]",
            "GET /a HT, true, EndOutput[]",
            "'POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n1', true, EndOutput[]",
        })
        void ofARequestRunsFromTheResponseBefore(String beginning, boolean gets408, String end) {
            HttpRig rig = new HttpRig();
            rig.at(7).receive(GET + beginning).at(8);
            if (beginning.startsWith("POST")) {
                assertEquals(17 * HttpRig.SECOND, rig.http.nextDeadline(), "the body has the time anew");
            }
            rig.at(16);
            assertFalse(rig.log.contains(end));
            rig.at(17);
            assertEquals(gets408, rig.log.contains("refused 408"), rig.log::toString);
            assertEquals(end, rig.log.get(rig.log.size() - 1));
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void ofALeavingResponseIsTheSameWithAndWithoutKeepAlive(boolean last) {
            HttpRig rig = new HttpRig();
            rig.fast = false;
            rig.receive("GET /a HTTP/1.1\r\nHost: h\r\n" + (last ? "Connection: close\r\n" : "") + "\r\n");
            rig.at(29);
            rig.http.progressed(rig.now);
            rig.at(58);
            assertFalse(rig.log.contains("Close[abort=true]"));
            rig.at(59);
            assertEquals("Close[abort=true]", rig.log.get(rig.log.size() - 1));
        }

        @Test
        void ofAClientThatDoesNotEndIsShort() {
            HttpRig rig = new HttpRig().receive("GET / HTTP/1.0\r\n\r\n").receive("more");
            rig.at(1);
            assertEquals("EndOutput[]", rig.log.get(rig.log.size() - 1));
            rig.at(2);
            assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1));
        }

        @Test
        void ofTheLastBytesEndsWithoutProgress() {
            HttpRig rig = new HttpRig().receive("GET / HTTP/1.0\r\n\r\n");
            rig.at(2);
            assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1));
            rig.at(31);
            rig.http.progressed(rig.now);
            rig.at(60);
            assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1));
            rig.at(61);
            assertEquals("Close[abort=true]", rig.log.get(rig.log.size() - 1));
            rig.http.progressed(rig.now);
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void hasAnEndForAClosingConnection(boolean drained) {
            HttpRig rig = new HttpRig().receive(GET);
            if (drained) {
                rig.http.drain();
            } else {
                rig.at(10);
            }
            assertTrue(rig.http.nextDeadline() < Long.MAX_VALUE);
            rig.http.closed();
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
        }

        @Test
        void mayPassTheEndOfTheClock() {
            long start = Math.subtractExact(Long.MAX_VALUE, HttpRig.SECOND);
            HttpRig rig = new HttpRig(HttpOptions.DEFAULT, start);
            rig.http.tick(Long.MAX_VALUE);
            assertEquals(null, rig.http.nextEvent());
            rig.http.tick(start + 10 * HttpRig.SECOND);
            assertEquals("Close[abort=false]", String.valueOf(rig.http.nextEvent()));
        }

        @Test
        void withoutEndStartsNothing() {
            Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
            HttpOptions options = new HttpOptions(HeadLimits.DEFAULT, forEver, forEver, forEver);
            HttpRig rig = new HttpRig(options).receive("GET /");
            assertEquals(Long.MAX_VALUE, rig.http.nextDeadline());
            rig.at(1_000_000_000);
            assertEquals(List.of(), rig.log);
            assertThrows(IllegalArgumentException.class, () -> options.withRequestTimeout(Duration.ZERO));
        }
    }

    @Nested
    class Draining {
        @Test
        void endsAnIdleConnectionAtOnce() {
            HttpRig rig = new HttpRig().receive(GET);
            rig.http.drain();
            assertEquals("Close[abort=false]", String.valueOf(rig.http.nextEvent()));
        }

        @Test
        void makesTheResponseUnderWayTheLast() {
            HttpRig rig = new HttpRig();
            rig.handler = request -> null;
            rig.receive(GET + GET);
            rig.http.drain();
            rig.respond(HttpResponse.text(200, "last"));
            assertTrue(rig.sent.toString().contains("Connection: close\r\n"));
            assertEquals(1, responses(rig));
        }

        @Test
        void waitsForAResponseThatLeaves() {
            HttpRig rig = new HttpRig();
            rig.fast = false;
            rig.receive(GET);
            rig.http.drain();
            assertEquals(List.of("head GET /a", "request /a "), rig.log);
            rig.sentAll();
            assertEquals("Close[abort=false]", rig.log.get(2));
        }
    }
}
