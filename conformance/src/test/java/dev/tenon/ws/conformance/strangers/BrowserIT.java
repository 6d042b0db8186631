package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Tests the demo in headless Chromium: the page echoes, and shows the bits of the frames. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("once")
class BrowserIT {
    /** Calls back when a condition is true, or with the text of the page after a while. */
    private static final String WHEN = """
            const done = arguments[arguments.length - 1], begin = performance.now();
            const segments = (side, field) => Array.from(document.querySelectorAll('#' + side + ' [data-field="' + field + '"]'));
            const bits = (side, field) => segments(side, field).map(s => s.dataset.bits).join('');
            const soon = (condition, act) => {
              if (condition()) act();
              else if (performance.now() - begin > 20000) done('not so: ' + document.body.innerText);
              else requestAnimationFrame(() => soon(condition, act));
            };
            const when = (condition, result) => soon(condition, () => done(result()));
            const isOpen = () => document.getElementById('state').dataset.state === 'open';
            const click = id => document.getElementById(id).click();
            """;

    private @Nullable Tool demo;
    private @Nullable Browser browser;
    private String url = "";

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        browser = Browser.start(directory.resolve("profile"));
        demo = Tool.start("demo", "--port", "0");
        url = "http://127.0.0.1:" + demo.port() + "/";
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (demo != null) {
            demo.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        if (browser != null) {
            browser.open(url);
        }
        assertEquals("open", page("when(isOpen, () => 'open');"));
    }

    private String page(String script) throws Exception {
        if (browser == null) {
            throw new IllegalStateException("no browser");
        }
        return browser.await(WHEN + script);
    }

    @Test
    void aTypedMessageComesBackAndItsFramesAreShownBitByBit() throws Exception {
        String shown = page("""
                document.getElementById('message').value = 'Tenon';
                document.getElementById('form').requestSubmit();
                const all = side => ['FIN', 'RSV1', 'RSV2', 'RSV3', 'opcode', 'MASK', 'Payload len', 'Masking-key', 'payload']
                    .map(field => field + '=' + bits(side, field)).join(' ');
                when(() => document.getElementById('log').innerText.includes('echo') && segments('server', 'payload').length === 5
                        && segments('client', 'payload').length === 5,
                    () => document.querySelectorAll('#log li')[1].innerText.split('\\n').slice(0, 2).join(' ')
                        + '\\n' + all('client') + '\\n' + all('server'));
                """);
        List<String> lines = shown.lines().toList();
        assertEquals(3, lines.size(), shown);
        assertEquals("echo Tenon", lines.get(0));
        assertTrue(
                lines.get(1)
                        .startsWith("FIN=1 RSV1=0 RSV2=0 RSV3=0 opcode=0001 MASK=1 Payload len=0000101 Masking-key="),
                lines.get(1));
        assertEquals(
                "FIN=1 RSV1=0 RSV2=0 RSV3=0 opcode=0001 MASK=0 Payload len=0000101 Masking-key= payload="
                        + "0101010001100101011011100110111101101110", // T e n o n
                lines.get(2));
        assertEquals("Tenon", unmasked(lines.get(1)));
    }

    /** Returns the payload of a client's frame, unmasked here from the bits that the page shows. */
    private static String unmasked(String client) {
        String key = client.replaceFirst(".*Masking-key=([01]*) .*", "$1");
        String payload = client.replaceFirst(".*payload=", "");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < payload.length(); i += 8) {
            int wire = Integer.parseInt(payload.substring(i, i + 8), 2);
            int mask = Integer.parseInt(key.substring(i % 32, i % 32 + 8), 2);
            text.append((char) (wire ^ mask));
        }
        return text.toString();
    }

    @Test
    void deflateShowsAsRsv1() throws Exception {
        assertEquals("1 Text message in one frame, compressed", page("""
                        click('deflate');
                        soon(() => isOpen() && document.getElementById('state').textContent.includes('deflate'), () => {
                          click('medium');
                          when(() => bits('client', 'RSV1') === '1' && document.getElementById('log').innerText.includes('echo'),
                              () => '1 ' + document.querySelector('#client .summary').innerText.split(', ').slice(0, 2).join(', '));
                        });
                        """));
    }

    @Test
    void fragmentsWithAPingBetweenThemArriveAsOneMessage() throws Exception {
        assertEquals("text ping continuation continuation pong", page("""
                        click('fragments');
                        when(() => document.querySelectorAll('#frames .op').length === 5 && document.getElementById('log').innerText.includes('Hello'),
                            () => Array.from(document.querySelectorAll('#frames .op'), e => e.textContent).join(' '));
                        """));
    }

    @Test
    void aCloseFromTheServerIsShown() throws Exception {
        assertEquals("Closed: 1000 “bye” 1000", page("""
                        click('closeServer');
                        when(() => document.getElementById('state').dataset.state === 'closed' && bits('client', 'opcode') === '1000',
                            () => document.getElementById('state').textContent + ' ' + bits('client', 'opcode'));
                        """));
    }

    @Test
    void theSameEventsComeByPollingLongPollingAndPush() throws Exception {
        if (browser != null) {
            browser.open(url + "push");
        }
        String[] shown = page("""
                const cell = (lane, kind) => { const dd = document.querySelector('#' + lane + ' .' + kind); return dd ? dd.innerText : ''; };
                const number = (lane, kind) => parseFloat(cell(lane, kind).replace(/,/g, '')) || 0;
                const set = (id, value) => { const e = document.getElementById(id); e.value = value; e.onchange(); };
                soon(isOpen, () => {
                  set('rate', '20');
                  set('every', '500');
                  when(() => ['poll', 'long', 'push'].every(lane => number(lane, 'events') >= 20) && number('poll', 'requests') >= 3,
                      () => ['poll', 'long', 'push'].map(lane => [number(lane, 'requests'), number(lane, 'each'), number(lane, 'delay')].join(' '))
                          .join(';'));
                });
                """).split(";");
        assertEquals(3, shown.length, String.join(";", shown));
        double[][] lanes = new double[3][];
        for (int i = 0; i < 3; i++) {
            lanes[i] = Arrays.stream(shown[i].split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
        String all = String.join(";", shown);
        assertTrue(lanes[1][0] > lanes[0][0], "long polling asks more often than polling: " + all);
        assertEquals(1, lanes[2][0], "push asks once: " + all);
        assertTrue(lanes[2][1] < lanes[1][1], "push takes fewer bytes: " + all);
        assertTrue(lanes[2][2] < lanes[0][2], "push is quicker than polling: " + all);
        if (browser != null) {
            assertEquals("[]", browser.console());
        }
    }
}
