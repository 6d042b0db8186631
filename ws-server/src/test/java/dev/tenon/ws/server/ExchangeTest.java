package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades and requests that are decided at once, later, on other threads, or never. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeTest extends ExchangeTestBase {
    @Test
    void anUpgradeHasTheValuesOfItsRequest() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>("");
        try (WebSocketServer server = builder()
                        .route("/rooms/{room}", upgrade -> {
                            seen.set(upgrade.pathParameter("room") + "|" + upgrade.queryParameter("token") + "|"
                                    + upgrade.queryParameters("tag") + "|" + upgrade.queryParameter("none") + "|"
                                    + upgrade.cookie("sid") + "|" + upgrade.cookie("SID") + "|" + upgrade.cookie("q")
                                    + "|" + upgrade.tlsSession() + "|" + (upgrade.remoteAddress() != null));
                            assertThrows(IllegalArgumentException.class, () -> upgrade.pathParameter("rom"));
                            return upgrade.accept(new Echo());
                        })
                        .start();
                RawClient client = new RawClient(server)) {
            client.send(RawClient.upgrade(
                    "/rooms/caf%C3%A9%2F1?token=a+b%3D%zz&tag=1&tag&tag=%C3%BC",
                    "Cookie: a=b; sid=x=y; sid=second\r\nCookie: q=\"quoted\"\r\n"));
            assertTrue(client.head().startsWith("HTTP/1.1 101 "));
            assertEquals("café/1|a b=%zz|[1, , ü]|null|x=y|null|quoted|null|true", seen.get());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ws?after=7&on=2026-12-01, 101",
        "/ws?after=&on=, 101",
        "/ws, 101",
        "/ws?after=7a, 400",
        "/ws?on=2026-13-01, 400",
    })
    void aMalformedValueOfTheQueryIsTheClientsFault(String path, String status) throws Exception {
        try (WebSocketServer server = builder()
                .route("/ws", upgrade -> {
                    Integer after = upgrade.queryParameter("after", Integer::parseInt);
                    LocalDate on = upgrade.queryParameter("on", LocalDate::parse);
                    assertEquals(path.contains("7"), after != null && after == 7 && on != null);
                    return upgrade.accept(new Echo());
                })
                .start()) {
            assertTrue(head(server, path, "").startsWith("HTTP/1.1 " + status + " "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpgradeIsDecidedLaterOnAnyThread(boolean earlyFrames) throws Exception {
        BlockingQueue<UpgradeExchange> waiting = new LinkedBlockingQueue<>();
        CompletableFuture<String> user = new CompletableFuture<>();
        try (WebSocketServer server = builder()
                        .route("/ws", upgrade -> {
                            waiting.add(upgrade);
                            return user.thenApply(
                                    name -> upgrade.accept(new Echo()).withHeader("X-User", name));
                        })
                        .start();
                RawClient client = new RawClient(server);
                RawClient otherClient = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", ""));
            UpgradeExchange upgrade = waiting.take();
            if (earlyFrames) {
                client.send(Frame.text("early"));
            }
            otherClient.send(GET);
            assertTrue(otherClient.head().startsWith("HTTP/1.1 404 "), "the loop is free meanwhile");
            user.complete("ada");
            assertTrue(client.head().contains("X-User: ada\r\n"));
            if (!earlyFrames) {
                client.send(Frame.text("early"));
            }
            assertEquals(Frame.text("early"), client.frame());
            assertFalse(upgrade.isCancelled());
        }
    }

    @Test
    void anEndpointMayBlockOnAnExecutor() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService pool = Executors.newCachedThreadPool();
        try (WebSocketServer server = builder()
                        .route(
                                "/ws",
                                upgrade -> {
                                    release.await();
                                    return upgrade.accept(new Echo());
                                },
                                route -> route.executor(pool))
                        .handle(
                                "GET",
                                "/slow",
                                request -> {
                                    release.await();
                                    return HttpResponse.text(200, "slow");
                                },
                                route -> route.executor(pool))
                        .start();
                RawClient client = new RawClient(server);
                RawClient slow = new RawClient(server);
                RawClient otherClient = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", ""));
            slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            otherClient.send(GET);
            assertTrue(otherClient.head().startsWith("HTTP/1.1 404 "));
            release.countDown();
            assertTrue(client.head().startsWith("HTTP/1.1 101 "));
            assertTrue(slow.head().startsWith("HTTP/1.1 200 "));
        } finally {
            pool.shutdownNow();
        }
    }

    /** Repeated, so that a leak would become visible. */
    @ParameterizedTest
    @CsvSource({
        "true, true, ''",
        "true, false, ''",
        "false, true, ''",
        "false, false, ''",
        "true, true, x",
        "true, false, x"
    })
    void anExchangeEndsWhenItsClientLeaves(boolean upgrades, boolean resets, String behind) throws Exception {
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        try (WebSocketServer server = builder()
                .maxConnections(3)
                .route("/ws", upgrade -> {
                    waiting.add(upgrade);
                    return new CompletableFuture<>();
                })
                .get("/poll", HttpHandler.async(request -> {
                    waiting.add(request);
                    return new CompletableFuture<>();
                }))
                .start()) {
            int rounds =
                    upgrades || resets ? 20 : 2; // after the end of the client's direction a response has two seconds
            for (int i = 0; i < rounds; i++) {
                RawClient client = new RawClient(server);
                client.send(upgrades ? RawClient.upgrade("/ws", "") + behind : GET + (i % 2 == 0 ? "" : GET));
                Exchange exchange = waiting.take();
                CountDownLatch cancelled = new CountDownLatch(1);
                exchange.whenCancelled().thenRun(cancelled::countDown);
                if (resets) {
                    reset(client);
                } else {
                    client.close();
                }
                assertTrue(cancelled.await(20, TimeUnit.SECONDS));
                assertTrue(exchange.isCancelled());
                awaitConnections(server, 0);
            }
        }
    }

    /** The end of the client's direction was read before its upgrade, which waits for another response. */
    @Test
    void anUpgradeOfAClientThatHasLeftIsNotAccepted() throws Exception {
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        AtomicReference<Exchange> upgraded = new AtomicReference<>();
        try (WebSocketServer server = builder()
                        .options(options -> options.withKeepalive(Duration.ZERO, Duration.ofSeconds(1)))
                        .route("/ws", upgrade -> {
                            upgraded.set(upgrade);
                            return upgrade.accept(new Echo());
                        })
                        .get("/poll", HttpHandler.async(request -> {
                            waiting.add(request);
                            return response;
                        }))
                        .start();
                RawClient client = new RawClient(server)) {
            client.send(GET + RawClient.upgrade("/ws", ""));
            Exchange poll = waiting.take();
            CountDownLatch left = new CountDownLatch(1);
            poll.whenCancelled().thenRun(left::countDown);
            client.socket.shutdownOutput();
            assertTrue(left.await(20, TimeUnit.SECONDS));
            response.complete(HttpResponse.text(200, "late"));
            assertTrue(client.head().startsWith("HTTP/1.1 200 "));
            awaitConnections(server, 0);
            assertNull(upgraded.get());
        }
    }

    @Test
    void anExchangeEndsWhenItsTimeIsUp() throws Exception {
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        CompletableFuture<HttpResponse> late = new CompletableFuture<>();
        try (WebSocketServer server = builder()
                        .responseTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                        .route(
                                "/ws",
                                upgrade -> {
                                    waiting.add(upgrade);
                                    return late.thenApply(any -> upgrade.accept(new Echo()));
                                },
                                route -> route.responseTimeout(Duration.ofMillis(100)))
                        .get("/poll", HttpHandler.async(request -> late))
                        .start();
                RawClient client = new RawClient(server);
                RawClient slowClient = new RawClient(server)) {
            slowClient.send(GET);
            client.send(RawClient.upgrade("/ws", ""));
            assertTrue(client.rest().startsWith("HTTP/1.1 503 "));
            assertTrue(waiting.take().isCancelled());
            late.complete(HttpResponse.text(200, "late"));
            assertTrue(slowClient.head().startsWith("HTTP/1.1 200 "), "a route without its own timeout waits for ever");
        }
    }

    @Test
    void aRefusalHasHeadersByName() throws Exception {
        try (WebSocketServer server = builder()
                        .route(
                                "/ws",
                                upgrade -> upgrade.refuse(401, "log in first")
                                        .withHeader("WWW-Authenticate", "Bearer")
                                        .withHeader("Retry-After", "7"))
                        .route("/thrown", upgrade -> {
                            throw HandshakeException.refuse(409, "taken");
                        })
                        .start();
                RawClient client = new RawClient(server);
                RawClient thrown = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", ""));
            String response = client.rest();
            assertTrue(response.startsWith("HTTP/1.1 401 Unauthorized\r\n"), response);
            assertTrue(response.contains("WWW-Authenticate: Bearer\r\nRetry-After: 7\r\n"), response);
            assertTrue(response.endsWith("\r\n\r\nlog in first\n"), response);
            thrown.send(RawClient.upgrade("/thrown", ""));
            assertTrue(thrown.rest().startsWith("HTTP/1.1 409 "));
        }
    }

    @Test
    void eachRouteHasItsOwnSettings() throws Exception {
        try (WebSocketServer server = builder()
                .subprotocols("v1")
                .route("/a", upgrade -> upgrade.accept(new Echo()))
                .route(
                        "/b",
                        upgrade -> upgrade.accept(new Echo()),
                        route -> route.subprotocols("v3", "v2")
                                .origins("https://app.example")
                                .options(o -> o.withMaxMessageLength(3)))
                .start()) {
            String offers = "Sec-WebSocket-Protocol: v1, v2, v3\r\n";
            assertTrue(head(server, "/a", offers).contains("Sec-WebSocket-Protocol: v1\r\n"));
            assertTrue(head(server, "/b", offers).contains("Sec-WebSocket-Protocol: v3\r\n"), "the server prefers");
            assertTrue(head(server, "/b", "Origin: https://app.example\r\n").startsWith("HTTP/1.1 101 "));
            assertTrue(head(server, "/b", "Origin: http://127.0.0.1\r\n").startsWith("HTTP/1.1 403 "));
            assertTrue(head(server, "/a", "Origin: https://app.example\r\n").startsWith("HTTP/1.1 403 "));
            try (RawClient client = new RawClient(server)) {
                client.send(RawClient.upgrade("/b", ""));
                client.head();
                client.send(Frame.text("four"));
                assertEquals(1009, client.frames().get(0).payload().getShort());
            }
        }
        WebSocketServerBuilder builder = builder();
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.route("/c", upgrade -> upgrade.accept(new Echo()), route -> route.origins("a b")));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.route(
                        "/c", upgrade -> upgrade.accept(new Echo()), route -> route.responseTimeout(Duration.ZERO)));
    }
}
