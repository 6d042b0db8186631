package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that break RFC 8441 or RFC 9220, or leave at any place: what holds for streams of HTTP/2 and of HTTP/3.
 *
 * @param <S> a stream
 */
@ExtendWith(Leaks.class)
abstract class BadServerContract<S> {
    /** The text frame "hi" of a server, and a Close frame with 1000. */
    static final String HI = "81026869";

    static final String CLOSE = "880203e8";

    final RecordingListener listener = new RecordingListener();
    private NettyClient client;

    abstract HttpVersion version();

    /** Starts the server, which announces the extended CONNECT method or does not. */
    abstract void listen(boolean announcing) throws Exception;

    /** Stops the server. */
    abstract void stopListening();

    /** The address of the server. */
    abstract String uri();

    /** The next stream that the client has opened with a request. */
    abstract S next() throws Exception;

    /** Sends header fields, names and values in turn. */
    abstract void head(S stream, boolean last, String... fields);

    abstract void data(S stream, String hex);

    /** Ends the server's direction in good order. */
    abstract void end(S stream);

    abstract void reset(S stream);

    /** Ends the connection without a word. */
    abstract void leave();

    /** The next thing that has come on a stream: DATA in hex, END, RESET or GONE. */
    abstract String event() throws Exception;

    @BeforeEach
    final void start() throws Exception {
        listen(true);
        client = NettyClient.builder()
                .trust(ServerAndClient.certificate())
                .version(version())
                .connectTimeout(Duration.ofMinutes(5)) // longer than a test waits
                .extensions(Extensions.none())
                .build();
    }

    @AfterEach
    final void stop() {
        client.close(Duration.ZERO);
        stopListening();
    }

    final CompletableFuture<WebSocket> connect() {
        return client.connect(uri(), listener);
    }

    static Throwable failure(CompletableFuture<WebSocket> connecting) {
        return Objects.requireNonNull(assertThrows(ExecutionException.class, () -> connecting.get(60, TimeUnit.SECONDS))
                .getCause());
    }

    /** Accepts the next WebSocket. */
    final S accept() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        S stream = next();
        head(stream, false, ":status", "200");
        connecting.get(60, TimeUnit.SECONDS);
        return stream;
    }

    private void expectEcho(S stream) throws Exception {
        data(stream, HI);
        assertEquals("hi", listener.text.get(60, TimeUnit.SECONDS));
        assertTrue(event().startsWith("DATA 8182"), "the echo");
    }

    @Test
    final void aServerThatAnnouncesNothingIsNotAsked() throws Exception {
        stopListening();
        listen(false);
        String expected = "the server has not announced WebSocket over "
                + (version() == HttpVersion.HTTP_2 ? "HTTP/2 (RFC 8441)" : "HTTP/3 (RFC 9220)");
        assertEquals(expected, failure(connect()).getMessage());
    }

    @Test
    final void aGoodServerIsAnswered() throws Exception {
        S stream = accept();
        expectEcho(stream);
        data(stream, CLOSE);
        assertTrue(event().startsWith("DATA 8882"), "a Close frame");
        end(stream);
        assertTrue(listener.end().wasClean());
    }

    @ParameterizedTest
    @CsvSource({
        "200, content-length, 0",
        "200, content-length, 5",
        "204, x-more, a",
        "200, sec-websocket-protocol, ''",
        "200, sec-websocket-accept, surprise", // RFC 8441 §5: it has no meaning here
    })
    final void aResponseIsTaken(String status, String name, String value) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        S stream = next();
        head(stream, false, ":status", status, name, value);
        connecting.get(60, TimeUnit.SECONDS);
        expectEcho(stream);
    }

    /** Gateways add cookies and policies; a client of HTTP/1.1 takes as much. */
    @Test
    final void aResponseMayHaveALongHead() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        S stream = next();
        head(stream, false, ":status", "200", "x-long", "x".repeat(40_000));
        connecting.get(60, TimeUnit.SECONDS);
        expectEcho(stream);
    }

    @Test
    final void aMessageBehindTheResponseIsReceived() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        S stream = next();
        head(stream, false, ":status", "103", "link", "</a>");
        head(stream, false, ":status", "200");
        expectEcho(stream);
        connecting.get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "404, x-more, a",
        "301, location, /elsewhere",
        "101, upgrade, websocket",
        "200, sec-websocket-protocol, surprise",
        "200, sec-websocket-extensions, x-surprise",
        "none, x-more, a"
    })
    final void aResponseIsRefused(String status, String name, String value) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        S stream = next();
        head(stream, false, ":status", status, name, value);
        Throwable failure = failure(connecting);
        assertTrue(failure instanceof HandshakeException || failure instanceof IOException, () -> "" + failure);
        assertFalse(listener.opened.isDone());
        assertFalse(event().startsWith("DATA"), "the client speaks");
    }

    @Test
    final void aRefusalIsReportedWithItsStatus() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        head(next(), true, ":status", "403");
        HandshakeException refused = assertInstanceOf(HandshakeException.class, failure(connecting));
        assertEquals(403, refused.toResponse().status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "end", "leave"})
    final void anEndWithoutAResponseFailsTheConnect(String how) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        leave(next(), how);
        assertInstanceOf(IOException.class, failure(connecting));
        assertFalse(listener.opened.isDone());
    }

    private void leave(S stream, String how) {
        switch (how) {
            case "reset" -> reset(stream);
            case "end" -> end(stream);
            default -> leave();
        }
    }

    @ParameterizedTest
    @CsvSource({"reset, 0", "reset, 2", "reset, 6", "reset, 8", "end, 0", "end, 6", "leave, 0", "leave, 6"})
    final void anEndWithoutACloseFrameIsAbnormal(String how, int hexDigits) throws Exception {
        S stream = accept();
        data(stream, HI.substring(0, hexDigits));
        leave(stream, how);
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertEquals(
                how.equals("reset"), String.valueOf(end.cause()).contains("reset the stream"), () -> "told " + end);
    }

    @Test
    final void theEndOfTheStreamInTheResponseEndsTheWebSocket() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        head(next(), true, ":status", "200");
        connecting.get(60, TimeUnit.SECONDS);
        CloseEvent end = listener.closed.get(30, TimeUnit.SECONDS); // before a ping would find it out
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-more", ":status"})
    final void headerFieldsInsideTheStreamResetIt(String name) throws Exception {
        S stream = accept();
        head(stream, false, name, "200");
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    @Test
    final void aMaskedFrameClosesWith1002() throws Exception {
        S stream = accept();
        data(stream, BadPeerContract.HI);
        assertTrue(event().startsWith("DATA 88"), "a Close frame");
        end(stream);
        assertEquals(CloseCode.PROTOCOL_ERROR, listener.end().code());
    }

    private void expectEndOfTheConnection() throws Exception {
        long begin = System.nanoTime();
        while (!event().matches("CLOSED|GONE")) {}
        assertTrue(System.nanoTime() - begin < 10_000_000_000L, "the client stays");
    }

    @Test
    final void aConnectThatIsCancelledEndsTheConnection() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        next();
        connecting.cancel(false);
        expectEndOfTheConnection();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    final void aRefusalEndsTheConnection(boolean last) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        head(next(), last, ":status", "403");
        assertInstanceOf(HandshakeException.class, failure(connecting));
        expectEndOfTheConnection();
    }

    @Test
    final void theEndOfTheClientFailsAConnectInProgress() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        next();
        Duration deadline = Duration.ofSeconds(60);
        long begin = System.nanoTime();
        client.close(deadline);
        assertTrue(System.nanoTime() - begin < deadline.toNanos() / 2, "the deadline was waited for");
        assertInstanceOf(IOException.class, failure(connecting));
        assertFalse(listener.opened.isDone());
    }
}
