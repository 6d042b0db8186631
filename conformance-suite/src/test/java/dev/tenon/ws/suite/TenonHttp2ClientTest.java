package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The client of ws-netty over HTTP/2. */
@Execution(ExecutionMode.CONCURRENT)
class TenonHttp2ClientTest {
    private static final Settings LONG_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10));

    @Test
    void everyFastCaseIsOkInAStream() throws Exception {
        try (NettyClient client = NettyClient.builder()
                .version(HttpVersion.HTTP_2)
                .options(TenonEcho.OPTIONS)
                .extensions(Extensions.load())
                .build()) {
            Report report = TenonEchoClient.play(Carrier.HTTP_2, null, LONG_TIMEOUTS, Selection.FAST, client::connect);
            assertEquals(List.of(), report.red(), report.summary());
            assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
            assertTrue(report.count() > 900, report.summary());
        }
    }
}
