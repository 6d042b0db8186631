package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several connections in a row over real sockets: the calls of the listener, and the resources that remain after
 * closing.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null fails its test
class ReconnectingWebSocketTest {
    private static final ReconnectPolicy QUICK =
            ReconnectPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(5));
    private static final ReconnectPolicy LATER = ReconnectPolicy.DEFAULT
            .withDelays(Duration.ofDays(30), Duration.ofDays(30))
            .withGivingUpAfter(20, Duration.ofDays(300));

    /** Records its calls, one line each. */
    private static class RecordingListener implements ReconnectListener {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        final BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(WebSocket webSocket) {
            lines.add("open");
            opened.add(webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            lines.add("text " + text);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            lines.add("close " + event.code().value());
        }

        @Override
        public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect loss, Duration delay) {
            lines.add("reconnect " + loss.failures() + " " + reconnecting.state());
        }

        @Override
        public void onGivenUp(ReconnectingWebSocket reconnecting, Disconnect loss) {
            lines.add("given up " + loss.failures() + " " + reconnecting.state());
        }

        void reads(String... expected) throws InterruptedException {
            for (String line : expected) {
                assertEquals(line, lines.poll(20, TimeUnit.SECONDS));
            }
        }
    }

    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    private static WebSocketClient client() throws IOException {
        return WebSocketClient.builder().proxy(null).build();
    }

    private static @Nullable Disconnect end(ReconnectingWebSocket reconnecting) throws Exception {
        return Chat.get(reconnecting.whenEnded().toCompletableFuture());
    }

    /** Runs the next script for each connection, and the last one for all further connections. */
    private static Peer scripted(Peer.Script... scripts) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            int number = peer[0].heads.size();
            String unused = peer[0].head(socket);
            scripts[Math.min(number, scripts.length - 1)].run(socket);
        });
        return peer[0];
    }

    private static Peer.Script answers(int status, String... headers) {
        return socket -> Peer.say(socket, Peer.response(status, headers));
    }

    /** Upgrades, and then runs the script. */
    private static Peer scriptedUpgrades(Peer.Script... scripts) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            int number = peer[0].heads.size();
            Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
            scripts[Math.min(number, scripts.length - 1)].run(socket);
        });
        return peer[0];
    }

    private static void stay(Socket socket) throws IOException {
        Peer.say(socket, "\u0081\u0002hi");
        Peer.drain(socket);
        Peer.say(socket, "\u0088\u0000");
    }

    private static Peer.Script closes(int code) {
        return socket -> {
            Peer.say(socket, "\u0088\u0002" + (char) (code >> 8) + (char) (code & 0xff));
            Peer.drain(socket);
        };
    }

    private static ReconnectingWebSocket start(
            WebSocketClient client, Peer server, ReconnectPolicy policy, RecordingListener diary) {
        return ReconnectingWebSocket.start(client, ConnectRequest.to(server.uri()), policy, diary);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLostConnectionIsFollowedByAnother(boolean elsewhere) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        RecordingListener diary = new RecordingListener();
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        try (Peer server = scriptedUpgrades(socket -> {}, closes(1001), ReconnectingWebSocketTest::stay);
                WebSocketClient client = (elsewhere ? builder.listenerExecutor(pool) : builder).build()) {
            ReconnectingWebSocket reconnecting = start(client, server, QUICK, diary);
            diary.reads("open", "close 1006", "reconnect 1 WAITING", "open", "close 1001", "reconnect 2 WAITING");
            diary.reads("open", "text hi");
            assertEquals(ReconnectingWebSocket.State.OPEN, reconnecting.state());
            WebSocket first = diary.opened.take();
            WebSocket second = diary.opened.take();
            assertSame(diary.opened.take(), reconnecting.webSocket().orElseThrow());
            assertEquals(SendResult.REFUSED, first.trySend(Message.text("late")));
            assertEquals(SendResult.REFUSED, second.trySend(Message.text("late")));
            reconnecting.close();
            assertEquals(null, end(reconnecting));
            diary.reads("close 1005");
            assertTrue(diary.lines.isEmpty());
            assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
            assertTrue(reconnecting.webSocket().isEmpty());
            assertEquals(3, server.accepted());
        }
        pool.shutdown();
        assertEquals(0, OpenResources.threads());
    }

    @Test
    void theFirstConnectIsUnderThePolicyToo() throws Exception {
        RecordingListener diary = new RecordingListener();
        try (Peer server = scripted(socket -> {}, answers(503, "Retry-After: 0"), answers(502), answers(404));
                WebSocketClient client = client()) {
            Disconnect loss = end(start(client, server, QUICK, diary));
            diary.reads("reconnect 1 WAITING", "reconnect 2 WAITING", "reconnect 3 WAITING", "given up 4 ENDED");
            assertEquals(404, ((HandshakeException) loss.cause()).status());
            assertEquals(4, server.accepted());
        }
    }

    @Test
    void aRowOfFailuresEnds() throws Exception {
        RecordingListener diary = new RecordingListener();
        Peer gone = Peer.start(socket -> {});
        gone.close();
        try (WebSocketClient client = client()) {
            ReconnectingWebSocket reconnecting =
                    start(client, gone, QUICK.withGivingUpAfter(3, Duration.ofHours(1)), diary);
            Disconnect loss = end(reconnecting);
            diary.reads("reconnect 1 WAITING", "reconnect 2 WAITING", "given up 3 ENDED");
            assertTrue(loss.cause() instanceof ConnectException);
            reconnecting.close();
            assertEquals(loss, end(reconnecting));
        }
    }

    @Test
    void anEndOnPurposeIsAnEnd() throws Exception {
        RecordingListener diary = new RecordingListener();
        try (Peer server = scriptedUpgrades(closes(1000));
                WebSocketClient client = client()) {
            Disconnect loss = end(start(client, server, QUICK, diary));
            diary.reads("open", "close 1000", "given up 1 ENDED");
            assertEquals(CloseCode.NORMAL_CLOSURE, loss.event().code());
        }
    }

    @Test
    void theRuleMayBeAnother() throws Exception {
        RecordingListener diary = new RecordingListener();
        try (Peer server = scriptedUpgrades(closes(1000), closes(4000));
                WebSocketClient client = client()) {
            ReconnectPolicy again =
                    QUICK.withRetries(loss -> loss.event().code().value() == 1000);
            Disconnect loss = end(start(client, server, again, diary));
            diary.reads("open", "close 1000", "reconnect 1 WAITING", "open", "close 4000", "given up 2 ENDED");
            assertEquals(4000, loss.event().code().value());
        }
    }

    /** A server that accepts only the last token, as after a restart. */
    @Test
    void eachConnectHasARequestOfItsOwnAndTheSupplierKnowsWhy() throws Exception {
        RecordingListener diary = new RecordingListener();
        List<String> reasons = Collections.synchronizedList(new ArrayList<>());
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    switch (Peer.header(head, "Authorization")) {
                        case "Bearer 1" -> Peer.say(socket, Peer.upgrade(head, "")); // and is gone
                        case "Bearer 4" -> {
                            Peer.say(socket, Peer.upgrade(head, ""));
                            stay(socket);
                        }
                        default -> Peer.say(socket, Peer.response(401));
                    }
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            int[] tokens = {0};
            RequestSupplier supplier = last -> {
                reasons.add(last == null ? "first" : last.code() + " " + last.status());
                int token = ++tokens[0];
                if (token == 3) {
                    throw new IOException("the token service is away");
                }
                return ConnectRequest.to(server.uri()).withHeader("Authorization", "Bearer " + token);
            };
            ReconnectPolicy tokensExpire = QUICK.withRetries(end -> end.isTransient() || end.status() == 401);
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(client, supplier, tokensExpire, diary);
            diary.reads("open", "close 1006", "reconnect 1 WAITING", "reconnect 2 WAITING", "reconnect 3 WAITING");
            diary.reads("open", "text hi");
            assertEquals(List.of("first", "1006 0", "0 401", "0 0"), reasons);
            reconnecting.close();
            end(reconnecting);
        }
    }

    @Test
    void aSupplierThatThrowsAnErrorOrReturnsNullIsNotCalledAgain() throws Exception {
        for (RequestSupplier wrong : List.<RequestSupplier>of(
                last -> {
                    throw new IllegalStateException("no configuration");
                },
                last -> null,
                last -> ConnectRequest.to("ws://127.0.0.1:1/").withHeader("Proxy-Authorization", "x"))) {
            RecordingListener diary = new RecordingListener();
            try (WebSocketClient client = client()) {
                Disconnect disconnect = end(ReconnectingWebSocket.start(client, wrong, QUICK, diary));
                diary.reads("given up 1 ENDED");
                assertTrue(disconnect.cause().getCause() instanceof RuntimeException, disconnect.toString());
            }
        }
    }

    @Test
    void aSupplierThatHangsIsInterruptedByClosing() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (WebSocketClient client = client()) {
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(
                    client,
                    last -> {
                        reached.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                        throw new IOException("interrupted");
                    },
                    QUICK,
                    new RecordingListener());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            reconnecting.close();
            assertEquals(null, end(reconnecting));
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    /** A {@code close()} without a code, from a browser or Node, is no reason to stay disconnected. */
    @Test
    void anEndWithoutACodeIsFollowedByAnother() throws Exception {
        RecordingListener diary = new RecordingListener();
        try (Peer server = scriptedUpgrades(
                        socket -> {
                            Peer.say(socket, "\u0088\u0000");
                            Peer.drain(socket);
                        },
                        closes(4401));
                WebSocketClient client = client()) {
            Disconnect last = end(start(client, server, QUICK, diary));
            diary.reads("open", "close 1005", "reconnect 1 WAITING", "open", "close 4401", "given up 2 ENDED");
            assertEquals(4401, last.code());
        }
    }

    /** The first message does not fit into the cork, so writing it fails while {@code onOpen} still runs. */
    @Test
    void aCloseAndAResetBeforeTheFirstLongMessageAreReportedByTheCode() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        WebSocketListener upload = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                opening.countDown();
                try {
                    assertTrue(reset.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                webSocket.sendText("x".repeat(100_000));
            }

            @Override
            public void onClose(WebSocket webSocket, CloseEvent event) {
                closed.complete(event);
            }
        };
        try (Peer server = scriptedUpgrades(socket -> {
                    assertTrue(
                            opening.await(20, TimeUnit.SECONDS)); // the Close frame is read after the head, not with it
                    Peer.say(socket, "\u0088\u0002\u0011" + (char) (4401 & 0xFF));
                    socket.setSoLinger(true, 0);
                    socket.close();
                    reset.countDown();
                });
                WebSocketClient client = client()) {
            client.connect(ConnectRequest.to(server.uri()), upload).get(20, TimeUnit.SECONDS);
            assertEquals(4401, closed.get(20, TimeUnit.SECONDS).code().value());
        }
    }

    /** The server refuses a token with 4401 and a reset, while this end is still writing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCloseThatIsFollowedByAResetIsReportedByItsCodeAndEndsIt(boolean retries) throws Exception {
        RecordingListener diary = new RecordingListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                super.onOpen(webSocket);
                for (int i = 0; i < 50; i++) {
                    webSocket.sendBinary(ByteBuffer.allocate(16 * 1024));
                }
            }
        };
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    socket.setSoLinger(true, 0); // closing resets
                    Peer.say(socket, Peer.upgrade(head, "") + "\u0088\u0002\u0011" + (char) (4401 & 0xFF));
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectPolicy policy = retries
                    ? QUICK.withRetries(end -> end.code() == 4401).withGivingUpAfter(2, Duration.ofHours(1))
                    : QUICK;
            Disconnect last = end(start(client, server, policy, diary));
            assertEquals(4401, last.code(), String.valueOf(last.cause()));
            assertEquals(retries ? 2 : 1, server.accepted());
        }
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        BlockingQueue<Duration> delays = new LinkedBlockingQueue<>();
        try (Peer server = scripted(answers(503, "Retry-After: 7200"));
                WebSocketClient client = client()) {
            ReconnectPolicy day = QUICK.withGivingUpAfter(20, Duration.ofDays(1));
            ReconnectingWebSocket unused = start(client, server, day, new RecordingListener() {
                @Override
                public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect loss, Duration delay) {
                    delays.add(delay);
                }
            });
            Duration delay = delays.poll(20, TimeUnit.SECONDS);
            assertTrue(delay.compareTo(Duration.ofHours(2)) >= 0, delay.toString());
            assertTrue(delay.compareTo(Duration.ofHours(2).plusMillis(5)) <= 0, delay.toString());
        }
    }

    /** The moment of the close. */
    enum Moment {
        /** While the peer does not answer. */
        CONNECTING,
        /** In the listener's onOpen. */
        OPENING,
        OPEN,
        /** In the listener's onClose. */
        LOSING,
        /** In the listener's onReconnect. */
        TOLD,
        WAITING
    }

    /** Closes inside the call that belongs to the moment. */
    private static final class ClosingListener extends RecordingListener {
        private final Moment moment;
        private final Runnable close;
        final CompletableFuture<ReconnectingWebSocket> self = new CompletableFuture<>();

        ClosingListener(Moment moment, @Nullable WebSocketClient client) {
            this.moment = moment;
            this.close = () -> {
                if (client == null) {
                    self.join().close();
                } else {
                    new Thread(client::close).start();
                }
            };
        }

        private void at(Moment now) {
            if (moment == now) {
                close.run();
            }
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            super.onOpen(webSocket);
            at(Moment.OPENING);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            super.onClose(webSocket, event);
            at(Moment.LOSING);
        }

        @Override
        public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect loss, Duration delay) {
            super.onReconnect(reconnecting, loss, delay);
            at(Moment.TOLD);
        }
    }

    private static Peer peer(Moment moment) throws Exception {
        return switch (moment) {
            case CONNECTING -> scripted(Peer::drain);
            case OPENING, OPEN -> scriptedUpgrades(ReconnectingWebSocketTest::stay);
            case LOSING, TOLD, WAITING -> scriptedUpgrades(socket -> {});
        };
    }

    private static void arrive(Moment moment, RecordingListener diary, Peer server, ReconnectingWebSocket reconnecting)
            throws Exception {
        switch (moment) {
            case CONNECTING -> OpenResources.await("it has not asked", () -> server.heads.size() == 1);
            case OPENING -> diary.reads("open");
            case OPEN -> diary.reads("open", "text hi");
            case LOSING -> diary.reads("open", "close 1006");
            case TOLD -> diary.reads("open", "close 1006", "reconnect 1 WAITING");
            case WAITING -> {
                diary.reads("open", "close 1006", "reconnect 1 WAITING");
                assertEquals(ReconnectingWebSocket.State.WAITING, reconnecting.state());
            }
        }
    }

    private static void closeAt(Moment moment, boolean wholeClient) throws Exception {
        try (Peer server = peer(moment);
                WebSocketClient client = client()) {
            ClosingListener closer = new ClosingListener(moment, wholeClient ? client : null);
            ReconnectingWebSocket reconnecting = start(client, server, LATER, closer);
            closer.self.complete(reconnecting);
            arrive(moment, closer, server, reconnecting);
            if (wholeClient) {
                client.close(Duration.ofSeconds(5));
            } else {
                reconnecting.close();
            }
            assertEquals(null, end(reconnecting));
            assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
            assertEquals(1, server.accepted());
            assertFalse(closer.lines.stream().anyMatch(line -> line.startsWith("given up")));
        }
        OpenResources.awaitThreads(0);
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @ParameterizedTest
    @EnumSource
    void closingAtAnyMomentLeavesNoResources(Moment moment) throws Exception {
        closeAt(moment, false); // the JDK opens some files once and keeps them
        long before = OpenResources.descriptors();
        for (int i = 0; i < 5; i++) {
            closeAt(moment, false);
        }
        OpenResources.awaitDescriptors(before);
    }

    @ParameterizedTest
    @EnumSource
    void closingTheClientAtAnyMomentEndsIt(Moment moment) throws Exception {
        closeAt(moment, true);
        long before = OpenResources.descriptors();
        closeAt(moment, true);
        OpenResources.awaitDescriptors(before);
    }

    @Test
    void onAClosedClientItDoesNotBegin() throws Exception {
        WebSocketClient client = client();
        client.close();
        RecordingListener diary = new RecordingListener();
        ReconnectingWebSocket reconnecting =
                ReconnectingWebSocket.start(client, ConnectRequest.to("ws://127.0.0.1:9/"), QUICK, diary);
        assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
        ExecutionException failure = assertThrows(ExecutionException.class, () -> end(reconnecting));
        assertEquals("the client was closed", failure.getCause().getMessage());
        reconnecting.close();
        assertTrue(diary.lines.isEmpty());
    }

    @Test
    void aListenerThatThrowsInOnOpenIsNotCalledAgainAndAgain() throws Exception {
        RecordingListener diary = new RecordingListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                throw new IllegalStateException("not ready");
            }
        };
        try (Peer server = scriptedUpgrades(ReconnectingWebSocketTest::stay);
                WebSocketClient client = client()) {
            Disconnect loss = end(start(client, server, QUICK, diary));
            assertEquals("not ready", loss.cause().getCause().getMessage());
            assertEquals(CloseCode.INTERNAL_ERROR, loss.event().code());
            assertEquals(1, server.accepted());
        }
    }

    @Test
    void anExceptionOfThePolicyOrTheListenerEndsItAndIsReported() throws Exception {
        ReconnectPolicy broken = QUICK.withRetries(loss -> {
            throw new IllegalStateException("rule");
        });
        RecordingListener angry = new RecordingListener() {
            @Override
            public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect loss, Duration delay) {
                throw new IllegalStateException("listener");
            }
        };
        try (Peer server = scripted(answers(500));
                WebSocketClient client = client()) {
            ReconnectingWebSocket first = start(client, server, broken, new RecordingListener());
            ReconnectingWebSocket second = start(client, server, QUICK, angry);
            assertEquals(
                    "rule",
                    assertThrows(ExecutionException.class, () -> end(first))
                            .getCause()
                            .getMessage());
            assertEquals(
                    "listener",
                    assertThrows(ExecutionException.class, () -> end(second))
                            .getCause()
                            .getMessage());
            assertEquals(ReconnectingWebSocket.State.ENDED, second.state());
            assertEquals(2, server.accepted());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExecutorThatRefusesDoesNotHideTheEnd(boolean rejects) throws Exception {
        Executor none = task -> {
            throw rejects ? new RejectedExecutionException("full") : new IllegalStateException("no context");
        };
        RecordingListener diary = new RecordingListener();
        try (Peer server = scripted(answers(404));
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .listenerExecutor(none)
                        .build()) {
            Disconnect loss = end(start(client, server, QUICK, diary));
            assertEquals(1, loss.failures());
            diary.reads("given up 1 ENDED");
        }
    }

    @Test
    void piecesComeToAListenerThatWantsThem() throws Exception {
        BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        class Pieces extends RecordingListener implements StreamingListener {
            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
                pieces.add(type + " " + StandardCharsets.UTF_8.decode(piece) + " " + last);
            }
        }
        try (Peer server = scriptedUpgrades(ReconnectingWebSocketTest::stay);
                WebSocketClient client = client()) {
            ReconnectingWebSocket unused = start(client, server, QUICK, new Pieces());
            assertEquals("TEXT hi true", pieces.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aRequestThatCannotBeSentIsRefusedAtOnce() throws Exception {
        try (WebSocketClient client = client()) {
            ConnectRequest request =
                    ConnectRequest.to("ws://127.0.0.1:9/").withHeader("Proxy-Authorization", "Basic x");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ReconnectingWebSocket.start(client, request, QUICK, new RecordingListener()));
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(
                    client, ConnectRequest.to("ws://127.0.0.1:9/"), LATER, new RecordingListener());
            assertThrows(IllegalArgumentException.class, () -> reconnecting.close(CloseCode.ABNORMAL_CLOSURE, ""));
            reconnecting.close(new CloseCode(4000), "enough");
            assertEquals(null, end(reconnecting));
        }
    }

    @Test
    void manyThatComeAndGoLeaveNothing() throws Exception {
        try (Peer server = scriptedUpgrades(socket -> {})) {
            long before = OpenResources.descriptors();
            for (int round = 0; round < 20; round++) {
                try (WebSocketClient client = client()) {
                    List<ReconnectingWebSocket> all = java.util.stream.Stream.generate(
                                    () -> start(client, server, QUICK, new RecordingListener()))
                            .limit(8)
                            .toList();
                    Thread.sleep(round);
                    all.stream().skip(round % 8).forEach(ReconnectingWebSocket::close);
                    client.close(Duration.ofSeconds(5));
                    for (ReconnectingWebSocket each : all) {
                        Disconnect unused = end(each);
                        assertEquals(ReconnectingWebSocket.State.ENDED, each.state());
                    }
                }
                assertEquals(0, OpenResources.threads());
                assertEquals(0, LinkOpener.HOSTS.keys());
            }
            OpenResources.awaitDescriptors(before);
        }
    }
}
