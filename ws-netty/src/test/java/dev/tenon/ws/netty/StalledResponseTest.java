package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A response of which the peer takes nothing for 30 seconds ends its channel. */
@ExtendWith(Leaks.class)
class StalledResponseTest {
    private final HostedRoutes routes = HostedRoutes.builder()
            .get("/short", request -> HttpResponse.text(200, "ok"))
            .get("/middle", request -> HttpResponse.text(200, "x".repeat(60_000)))
            .get("/long", request -> HttpResponse.text(200, "x".repeat(200_000)))
            .build();

    private final Window window = new Window();
    private final EmbeddedChannel channel = new EmbeddedChannel(window, new HttpRouteHandler(routes, "", 0));

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        routes.close();
    }

    private void get(String path) {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set("Host", "127.0.0.1");
        channel.writeInbound(request);
    }

    private boolean isOpenAfter(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        return channel.isOpen();
    }

    @Test
    void aShortResponse() {
        get("/short");
        assertTrue(isOpenAfter(29));
        assertFalse(isOpenAfter(2));
    }

    @Test
    void aLongResponseLivesWhileThePeerTakesPieces() {
        get("/long");
        window.takeOne(); // the head
        for (int piece = 0; piece < 3; piece++) {
            assertTrue(isOpenAfter(29));
            window.takeOne();
        }
        assertTrue(isOpenAfter(29));
        assertFalse(isOpenAfter(2));
    }

    /** As a train in a tunnel does. */
    @ParameterizedTest
    @ValueSource(strings = {"/long", "/middle"})
    void aResponseLivesWhileThePeerTakesAFewBytes(String path) {
        get(path);
        window.takeOne(); // the head
        for (int i = 0; i < 12; i++) {
            assertTrue(isOpenAfter(20));
            window.take(4096);
        }
        assertTrue(isOpenAfter(29));
        assertFalse(isOpenAfter(2));
    }

    @Test
    void aResponseThatHasLeftEndsTheTime() {
        get("/short");
        window.takeOne();
        assertTrue(isOpenAfter(60));
    }

    /** Responses wait for each other, so that a client that reads nothing does not make the server hold any number. */
    @Test
    void theNextResponseWaitsForTheOneBefore() {
        get("/short");
        get("/short");
        assertEquals(1, window.waiting());
        window.takeOne();
        assertEquals(1, window.waiting());
    }
}
