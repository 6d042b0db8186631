package dev.tenon.ws.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.suite.UnusualOpenings.BadRequest;
import dev.tenon.ws.suite.UnusualOpenings.BadResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tenon reports the rule that a case names. */
class ProvokedViolationTest {
    private static final Settings LONG_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10));

    static List<TestCase> badRequests() {
        return proving(Side.SERVER, "17");
    }

    static List<TestCase> badResponses() {
        return proving(Side.CLIENT, "18");
    }

    static List<TestCase> badStreamRequests() {
        return proving(Side.SERVER, Carrier.HTTP_2, "20");
    }

    static List<TestCase> badHttp3Requests() {
        return proving(Side.SERVER, Carrier.HTTP_3, "23");
    }

    static List<TestCase> badStreamResponses() {
        return proving(Side.CLIENT, Carrier.HTTP_2, "22");
    }

    static List<TestCase> badHttp3Responses() {
        return proving(Side.CLIENT, Carrier.HTTP_3, "25");
    }

    private static List<TestCase> proving(Side side, String... patterns) {
        return proving(side, Carrier.HTTP_1_1, patterns);
    }

    private static List<TestCase> proving(Side side, Carrier carrier, String... patterns) {
        return Selection.of(patterns).of(side, carrier, Settings.DEFAULT).stream()
                .filter(testCase -> !ViolationIds.of(side, testCase).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void aServerNamesTheRuleThatARequestBreaks(TestCase testCase) {
        String good = Handshake.request(URI.create("ws://localhost/"), Handshake.key(), "");
        String bad = ((BadRequest) testCase.opening()).change().apply(good);
        HandshakeException refusal = assertThrows(HandshakeException.class, () -> {
            HttpRequest request =
                    HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bad.getBytes(ISO_8859_1)));
            new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any())
                    .check(Objects.requireNonNull(request), false, null);
        });
        assertEquals(
                ViolationIds.of(Side.SERVER, testCase),
                refusal.violation() == null ? "" : refusal.violation().id());
    }

    @ParameterizedTest
    @MethodSource("badStreamRequests")
    void aServerNamesTheRuleThatARequestOfHttp2Breaks(TestCase testCase) {
        checkRefusal(testCase, HttpVersion.HTTP_2);
    }

    @ParameterizedTest
    @MethodSource("badHttp3Requests")
    void aServerNamesTheRuleThatARequestOfHttp3Breaks(TestCase testCase) {
        checkRefusal(testCase, HttpVersion.HTTP_3);
    }

    private static void checkRefusal(TestCase testCase, HttpVersion version) {
        List<Field> good = StreamHandshake.request(URI.create("ws://localhost/"), "");
        Headers bad =
                headers(((StreamOpening.BadRequest) testCase.opening()).change().apply(good));
        HandshakeException refusal = assertThrows(
                HandshakeException.class,
                () -> new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any())
                        .check(HttpRequest.ofPseudoHeaders(version, bad), false, null));
        assertEquals(
                ViolationIds.of(Side.SERVER, testCase),
                refusal.violation() == null ? "" : refusal.violation().id());
    }

    @ParameterizedTest
    @MethodSource("badStreamResponses")
    void aClientNamesTheRuleThatAResponseOfHttp2Breaks(TestCase testCase) {
        checkFailure(testCase, HttpVersion.HTTP_2);
    }

    @ParameterizedTest
    @MethodSource("badHttp3Responses")
    void aClientNamesTheRuleThatAResponseOfHttp3Breaks(TestCase testCase) {
        checkFailure(testCase, HttpVersion.HTTP_3);
    }

    private static void checkFailure(TestCase testCase, HttpVersion version) {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://localhost/"))
                .extensions(Extensions.load())
                .version(version)
                .start();
        List<Field> bad = ((StreamResponses.BadResponse) testCase.opening()).head();
        HttpResponse response = HttpResponse.of(200, headers(StreamRequestCases.without(bad, ":status")));
        HandshakeException failure = assertThrows(HandshakeException.class, () -> client.verify(response));
        assertEquals(
                ViolationIds.of(Side.CLIENT, testCase),
                failure.violation() == null ? "" : failure.violation().id());
    }

    private static Headers headers(List<Field> fields) {
        Headers.Builder headers = Headers.builder();
        fields.forEach(field -> headers.add(field.name(), field.value()));
        return headers.build();
    }

    @ParameterizedTest
    @MethodSource("badResponses")
    void aClientNamesTheRuleThatAResponseBreaks(TestCase testCase) {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://localhost/"))
                .extensions(Extensions.load())
                .start();
        String request = new String(client.request().encode().array(), ISO_8859_1);
        String bad = ((BadResponse) testCase.opening()).change().apply(Handshake.response(new Head(request), ""));
        HandshakeException failure =
                assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.wrap(bad.getBytes(ISO_8859_1))));
        assertEquals(
                ViolationIds.of(Side.CLIENT, testCase),
                failure.violation() == null ? "" : failure.violation().id());
    }

    @Test
    void aServerNamesTheRuleThatFramesBreak() throws Exception {
        String[] patterns = {"2", "3", "4", "5", "6.6", "6.8", "6.10", "7", "14", "15", "16"};
        Map<String, String> expected = new TreeMap<>();
        proving(Side.SERVER, patterns)
                .forEach(testCase -> expected.put(testCase.id(), ViolationIds.of(Side.SERVER, testCase)));
        Map<String, String> named = new TreeMap<>();
        BlockingQueue<String> errors = new LinkedBlockingQueue<>();
        try (TenonEcho echo = new TenonEcho(Extensions.load(), () -> new Listener(errors))) {
            new FuzzingClient(URI.create(echo.url()), LONG_TIMEOUTS)
                    .run(Selection.of(patterns), "Tenon", (id, verdict, played, all) -> {
                        if (expected.containsKey(id)) {
                            named.put(id, next(errors));
                        }
                    });
        }
        assertEquals(List.of(), List.copyOf(errors), "a case that proves no rule breaks none");
        assertTrue(expected.size() > 200, () -> "" + expected.size());
        assertEquals(expected, named);
    }

    @Test
    void aServerNamesTheRuleThatFramesInAStreamBreak() throws Exception {
        BlockingQueue<String> errors = new LinkedBlockingQueue<>();
        NettyServer echo = NettyServer.builder()
                .routes(routes -> routes.options(TenonEcho.OPTIONS)
                        .extensions(Extensions.load())
                        .route("/{path...}", upgrade -> upgrade.accept(new Listener(errors))))
                .start();
        try {
            List<TestCase> cases = proving(Side.SERVER, Carrier.HTTP_2, "21.4.2");
            assertEquals(1, cases.size());
            Report report = new FuzzingClient(
                            URI.create("ws://127.0.0.1:" + echo.port() + "/"), LONG_TIMEOUTS, Carrier.HTTP_2, null)
                    .run(Selection.of("21.4.2"), "Tenon", (id, verdict, played, all) -> {});
            assertEquals(List.of(), report.red(), report.summary());
            assertEquals(ViolationIds.of(Side.SERVER, cases.get(0)), next(errors));
        } finally {
            echo.stop(Duration.ZERO);
        }
    }

    /** The server's listener may be notified after its Close frame has arrived here. */
    private static String next(BlockingQueue<String> errors) {
        try {
            return String.valueOf(errors.poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Listener extends TenonEcho.Echo implements WebSocketListener {
        private final Queue<String> errors;

        Listener(Queue<String> errors) {
            this.errors = errors;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            errors.add(
                    error instanceof ProtocolException broken
                            ? broken.violation().id()
                            : String.valueOf(error));
        }
    }
}
