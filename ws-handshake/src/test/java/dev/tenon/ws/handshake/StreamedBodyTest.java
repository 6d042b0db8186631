package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses whose body follows in pieces. */
class StreamedBodyTest {
    private static final String GET = "GET /f HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final HttpResponse OK = HttpResponse.of(200, Headers.empty());

    private static HttpRig rig(String request) {
        HttpRig rig = new HttpRig();
        rig.handler = event -> null;
        return rig.receive(request);
    }

    @Test
    void aPieceIsRequestedWhenAllEarlierBytesHaveLeft() {
        HttpRig rig = rig(GET);
        rig.fast = false;
        rig.startBody(OK, 5);
        assertEquals(List.of("head GET /f", "request /f "), rig.log);
        rig.sentAll().sentAll();
        rig.sendBody("abc");
        assertEquals("wants 5", rig.log.get(2));
        assertEquals(3, rig.log.size(), "asked once, until a piece has come");
        rig.sentAll();
        assertEquals("wants 2", rig.log.get(3));
        rig.sendBody("de").sentAll();
        assertTrue(rig.sent.toString().endsWith("\r\nContent-Length: 5\r\nDate: " + HttpRig.DATE + "\r\n\r\nabcde"));
        assertEquals(HttpState.READING_HEAD, rig.http.state());
    }

    @Test
    void theNextRequestIsReadAfterTheLastPiece() {
        HttpRig rig = rig(GET + GET);
        rig.startBody(OK, 2).sendBody("a");
        assertEquals(
                2, rig.log.stream().filter(line -> !line.startsWith("wants")).count());
        rig.sendBody("b");
        assertEquals(
                4, rig.log.stream().filter(line -> !line.startsWith("wants")).count());
    }

    @Test
    void theConnectionEndsAfterTheBodyIfTheClientRequestsIt() {
        HttpRig rig = rig("GET /f HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        rig.startBody(OK, 1).sendBody("a");
        assertTrue(rig.sent.toString().contains("\r\nConnection: close\r\n"));
        assertEquals(new HttpEvent.EndOutput().toString(), rig.log.get(3));
        assertEquals(HttpState.LINGERING, rig.http.state());
    }

    @Test
    void headGetsTheLengthAndNothingElse() {
        HttpRig rig = rig("HEAD /f HTTP/1.1\r\nHost: h\r\n\r\n");
        rig.startBody(OK, 1L << 40);
        assertTrue(rig.sent.toString().contains("\r\nContent-Length: 1099511627776\r\n"));
        assertTrue(rig.sent.toString().endsWith("\r\n\r\n"));
        assertEquals(HttpState.READING_HEAD, rig.http.state());
    }

    @Test
    void anEmptyBodyIsCompleteAtOnce() {
        HttpRig rig = rig(GET);
        rig.startBody(OK, 0);
        assertEquals(HttpState.READING_HEAD, rig.http.state());
        assertTrue(rig.sent.toString().contains("\r\nContent-Length: 0\r\n"));
    }

    @Test
    void aPieceBeyondTheLengthIsRefusedAndTheBodyGoesOn() {
        HttpRig rig = rig(GET);
        rig.startBody(OK, 2);
        assertThrows(IllegalArgumentException.class, () -> rig.sendBody("abc"));
        assertThrows(IllegalArgumentException.class, () -> rig.sendBody(""));
        rig.sendBody("ab");
        assertTrue(rig.sent.toString().endsWith("\r\n\r\nab"));
    }

    @Test
    void aBodyThatCannotBeCompletedEndsTheConnectionAtOnce() {
        HttpRig rig = rig(GET);
        rig.startBody(OK, 2);
        rig.http.abortBody();
        assertEquals(new HttpEvent.Close(true), rig.http.nextEvent());
        assertFalse(rig.http.sendBody(ByteBuffer.wrap(new byte[1]), rig.now));
    }

    @Test
    void aConnectionWhoseClientDoesNotReadIsAborted() {
        HttpRig rig = rig(GET);
        rig.fast = false;
        rig.startBody(OK, 2);
        rig.at(29);
        rig.http.progressed(rig.now);
        rig.at(58);
        assertEquals(HttpState.STREAMING, rig.http.state());
        rig.at(59);
        assertEquals("Close[abort=true]", rig.log.get(rig.log.size() - 1));
    }

    @Test
    void aBodyWithoutProgressEndsTheConnectionAtTheResponseTimeout() {
        HttpRig rig = rig(GET);
        rig.startBody(OK, 2);
        rig.at(59);
        assertEquals(HttpState.STREAMING, rig.http.state());
        rig.at(60);
        assertEquals("Close[abort=true]", rig.log.get(rig.log.size() - 1));
    }

    @Test
    void aBodyThatIsNotAllowedIsRefusedBeforeAnythingIsSent() {
        HttpRig rig = rig(GET);
        HttpResponse notModified = HttpResponse.of(304, Headers.empty());
        assertThrows(IllegalStateException.class, () -> rig.http.startBody(notModified, 1, 0));
        assertThrows(IllegalStateException.class, () -> rig.http.startBody(HttpResponse.text(200, "body"), 1, 0));
        assertEquals("", rig.sent.toString());
        rig.startBody(OK, 1);
        rig.leave();
        assertFalse(rig.http.startBody(OK, 1, 0), "the exchange is over");
    }

    @Test
    void drainingLetsTheBodyEnd() {
        HttpRig rig = rig(GET);
        rig.startBody(OK, 2);
        rig.http.drain();
        rig.sendBody("ab");
        assertEquals("Close[abort=false]", rig.log.get(rig.log.size() - 1));
    }
}
