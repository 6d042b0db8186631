package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection of HTTP/2 whose client gives its streams a large window, and reads slowly or not at all. */
@ExtendWith(Leaks.class)
class StalledConnectionTest {
    private static final int STREAMS = 8;
    private static final int LENGTH = 60_000;
    private static final Duration LONG = Duration.ofDays(1);
    /** SETTINGS with the largest INITIAL_WINDOW_SIZE, its acknowledgement of the server's, and a WINDOW_UPDATE. */
    private static final String SETTINGS = "000006" + "04" + "00" + "00000000" + "0004" + "7fffffff"
            + "000000" + "04" + "01" + "00000000"
            + "000004" + "08" + "00" + "00000000" + "7fff0000";

    private static final String RESET = "00000403";

    private final HostedRoutes routes = HostedRoutes.builder()
            .get("/plain", request -> HttpResponse.text(200, "x".repeat(LENGTH)))
            .build();
    private final Window window = new Window();
    private final EmbeddedChannel channel = new EmbeddedChannel(
            window, new Pipelines(routes, "", LONG, LONG, 0, request -> null, new OpenChannels()).connection(null));

    @BeforeEach
    void request() {
        channel.freezeTime();
        channel.writeInbound(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII));
        send(SETTINGS);
        window.take(1000); // the server's settings
        for (int i = 0; i < STREAMS; i++) { // GET /plain
            send("00001b" + "01" + "05" + "%08x".formatted(2 * i + 3) + "8286" + "04062f706c61696e"
                    + "010f3132372e302e302e313a3132333435");
        }
    }

    private void send(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private void passes(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private long resets() {
        return window.written().stream().filter(hex -> hex.startsWith(RESET)).count();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        routes.close();
    }

    /** The resets of the streams wait behind the bytes that the client does not take. */
    @Test
    void aClientThatReadsNothingLosesItsStreamsAndThenItsConnection() {
        passes(29);
        assertEquals(0, resets());
        passes(2);
        assertEquals(STREAMS, resets());
        assertTrue(channel.isOpen());
        passes(31);
        assertFalse(channel.isOpen());
    }

    /** The last stream waits for minutes, because the connection takes a frame of DATA in each step. */
    @Test
    void streamsThatShareASlowConnectionLive() {
        for (int taken = 0; taken < STREAMS * LENGTH; taken += 20 * 1024) {
            passes(20);
            window.take(20 * 1024);
            assertEquals(0, resets());
        }
        assertTrue(channel.isOpen());
    }
}
