package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.extension.Extensions;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headless Chromium's WebSocket against Tenon's server, plain and TLS, with compression and without. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class BrowserEchoIT {
    /** Sends all kinds of messages, compares the echoes, then lets either side close. */
    static final String CONVERSE = """
            const done = arguments[arguments.length - 1];
            const bytes = length => Uint8Array.from({length}, (_, i) => (i * 31 + (i >> 8)) & 255).buffer;
            const sent = ['', 'Gr\\u00fc\\u00dfe \\ud83e\\udeb5', 'x'.repeat(1 << 20)].concat([0, 125, 126, 65535, 65536, 1 << 20].map(bytes));
            const socket = new WebSocket(location.href.replace('http', 'ws') + 'ws');
            socket.binaryType = 'arraybuffer';
            let at = 0, wrong = 0, opened = 'no';
            socket.onopen = () => { opened = socket.extensions; sent.forEach(message => socket.send(message)); };
            socket.onmessage = event => {
              const expected = sent[at++], got = event.data;
              if (expected instanceof ArrayBuffer) {
                const a = new Uint8Array(expected), b = new Uint8Array(got);
                if (a.length !== b.length || a.some((x, i) => x !== b[i])) wrong++;
              } else if (expected !== got) wrong++;
              if (at === sent.length) END;
            };
            socket.onclose = event => done([at, wrong, event.code, event.reason, event.wasClean, opened.split(';')[0]].join(' '));
            """;

    private Browser browser;
    private SSLContext tls;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        tls = TestKey.in(directory).context();
        browser = Browser.start(directory.resolve("profile"));
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"http, false", "http, true", "https, false", "https, true"})
    void messagesComeBackAndEitherSideCloses(String scheme, boolean deflate) throws Exception {
        try (EchoServer server =
                new EchoServer(scheme.equals("https") ? tls : null, deflate ? Extensions.load() : Extensions.none())) {
            browser.open(server.url(scheme) + "/");
            String agreed = deflate ? "permessage-deflate" : "";
            assertEquals(
                    "9 0 4000 enough true " + agreed,
                    browser.await(CONVERSE.replace("END", "socket.close(4000, 'enough')")));
            assertEquals("close 4000 enough", server.events.next());
            assertEquals(
                    "9 0 4001 as you wish true " + agreed,
                    browser.await(CONVERSE.replace("END", "socket.send('close me')")));
        }
    }
}
