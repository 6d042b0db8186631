package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that break RFC 8441 or RFC 9220, or leave at any place: what holds for streams of HTTP/2 and of HTTP/3.
 *
 * @param <S> a stream
 */
abstract class BadStreamContract<S> extends BadPeerContract {
    /** Opens a stream with an extended CONNECT, of whose pseudo-headers one may have another value, or none. */
    abstract S ask(String path, String name, String value) throws Exception;

    final S ask(String path) throws Exception {
        return ask(path, "sec-websocket-version", "13");
    }

    /** Sends a valid request, and the end of the client's direction together with it. */
    abstract void askLast(String path) throws Exception;

    abstract void data(S stream, String hex);

    /** Ends the client's direction in good order. */
    abstract void end(S stream);

    /** Sends header fields behind the head. */
    abstract void sendFields(S stream);

    /** Sends a frame of a type that no RFC defines. */
    abstract void sendUnknownFrame(S stream);

    abstract void reset(S stream);

    /** The next thing that has come: HEADERS with a status, DATA in hex, END or RESET. */
    abstract String next() throws Exception;

    /** Ends the connection without a word. */
    abstract void leave();

    final S open() throws Exception {
        S stream = ask("/");
        assertEquals("HEADERS 200", next());
        return stream;
    }

    /** The connection still serves other streams. */
    final void expectLife() throws Exception {
        S stream = open();
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
    }

    @Test
    final void aGoodPeerGetsItsEchoAndTheCloseFrame() throws Exception {
        S stream = open();
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
        data(stream, CLOSE);
        assertEquals("DATA " + CLOSE_BACK, next());
        assertEquals("END", next());
        end(stream);
        assertTrue(listener.end().wasClean());
        expectLife(); // and no reset: a browser that sees one opens no more WebSockets over this version of HTTP
    }

    @Test
    final void bytesBehindTheCloseFrameAreIgnored() throws Exception {
        S stream = open();
        data(stream, CLOSE + HI + "ffff");
        data(stream, HI);
        assertEquals("DATA " + CLOSE_BACK, next());
        assertEquals("END", next());
        end(stream);
        assertTrue(listener.end().wasClean());
        assertFalse(listener.text.isDone());
        expectLife();
    }

    /** RFC 9113 §5.5, RFC 9114 §9: browsers send frames of unknown types, to keep servers used to them. */
    @Test
    final void aFrameOfAnUnknownTypeIsIgnored() throws Exception {
        S stream = open();
        sendUnknownFrame(stream);
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
    }

    @ParameterizedTest
    @CsvSource({
        ":protocol, connect-udp, 501",
        ":path, /nowhere, 404",
        ":authority, evil.example, 421",
        "sec-websocket-version, 8, 426",
        "sec-websocket-key, surprise, 200", // RFC 8441 §5: it has no meaning here
        "content-length, 0, 200"
    })
    final void aRequestGetsItsStatus(String name, String value, String status) throws Exception {
        ask("/", name, value);
        assertEquals("HEADERS " + status, next());
    }

    /** RFC 9110 §9.3.6: a CONNECT has no content, so its Content-Length is ignored. */
    @Test
    final void aContentLengthOfZeroIsNotThatOfTheWebSocket() throws Exception {
        S stream = ask("/", "content-length", "0");
        assertEquals("HEADERS 200", next());
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
    }

    @Test
    final void aRefusedRequestLeavesTheConnection() throws Exception {
        ask("/", ":protocol", "connect-udp");
        assertEquals("HEADERS 501", next());
        assertTrue(next().startsWith("DATA "));
        assertEquals("END", next());
        expectLifeAfterRefusal();
    }

    @Test
    final void aHeadMayBeAsLongAsOneOfHttp1() throws Exception {
        ask("/", "cookie", "x".repeat(10_000));
        assertEquals("HEADERS 200", next());
    }

    /** A proxy that combines the connections of its clients must not lose all for the cookies of one. */
    @ParameterizedTest
    @ValueSource(ints = {15_000, 60_000})
    final void aHeadThatIsTooLongEndsOnlyItsStream(int length) throws Exception {
        S stream = open();
        ask("/", "cookie", "x".repeat(length));
        assertEquals("HEADERS 431", next());
        data(stream, HI);
        String event;
        do {
            event = next(); // the rest of the refusal
            assertFalse(event.startsWith("GOAWAY"), event);
        } while (!event.equals("DATA " + HI_BACK));
    }

    abstract void expectLifeAfterRefusal() throws Exception;

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 6, 14})
    final void aResetIsReportedAsOne(int hexDigits) throws Exception {
        S stream = open();
        data(stream, HI.substring(0, hexDigits));
        reset(stream);
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertTrue(String.valueOf(end.cause()).contains("reset the stream"), () -> "told " + end);
        expectLife();
    }

    @Test
    final void aResetBehindTheCloseFrameIsCleanOrNot() throws Exception {
        S stream = open();
        data(stream, CLOSE);
        assertEquals("DATA " + CLOSE_BACK, next());
        reset(stream);
        assertEquals(CloseCode.NORMAL_CLOSURE, listener.end().code());
    }

    @Test
    final void theEndOfTheStreamWithoutACloseFrameIsNoReset() throws Exception {
        S stream = open();
        end(stream);
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertFalse(String.valueOf(end.cause()).contains("reset"), () -> "told " + end);
        assertEquals("END", next());
    }

    @Test
    final void headerFieldsInsideTheStreamAreAnError() throws Exception {
        S stream = open();
        sendFields(stream);
        expectRefusedFields();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    abstract void expectRefusedFields() throws Exception;

    @Test
    final void aResetBeforeTheDecisionCancelsTheExchange() throws Exception {
        S stream = ask("/late");
        data(stream, HI);
        requested.get(60, TimeUnit.SECONDS); // a reset may overtake a request that is still on its way (RFC 9000 §3.2)
        reset(stream);
        cancelled.get(60, TimeUnit.SECONDS);
        expectLife();
    }

    @Test
    final void theEndOfTheStreamBeforeTheDecisionResetsTheStream() throws Exception {
        S stream = ask("/late");
        requested.get(60, TimeUnit.SECONDS);
        end(stream);
        expectCancelled();
    }

    @Test
    final void aConnectThatEndsItsStreamBeforeTheDecisionIsReset() throws Exception {
        askLast("/late");
        expectCancelled();
    }

    private void expectCancelled() throws Exception {
        cancelled.get(60, TimeUnit.SECONDS);
        expectReset();
        accept();
        expectLife();
        assertFalse(late.opened.isDone());
    }

    @Test
    final void bytesThatArriveBeforeTheDecisionKeepTheirOrder() throws Exception {
        S stream = ask("/late");
        requested.get(60, TimeUnit.SECONDS);
        data(stream, "82fe07d0" + "00000000" + "00".repeat(2000)); // longer than what is copied
        for (int i = 0; i < HI.length(); i += 2) {
            data(stream, HI.substring(i, i + 2));
        }
        accept();
        assertEquals("HEADERS 200", next());
        assertEquals("DATA " + HI_BACK, next());
        assertEquals(2000, late.bytes.get());
    }

    /** The server resets the stream, because it abandons the request. */
    abstract void expectReset() throws Exception;

    @Test
    final void theEndOfTheConnectionEndsItsWebSockets() throws Exception {
        open();
        leave();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }
}
