package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import dev.tenon.ws.conformance.strangers.Browser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Headless Chromium: a page of Tenon's server opens the connection. */
final class ChromiumEcho {
    private static final String SCRIPT = """
        const done = arguments[arguments.length - 1];
        const socket = new WebSocket(location.href.replace('http', 'ws'));
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => {
          if (data === 'close') socket.close(4000, 'as you wish');
          else if (data === 'ping' || data === 'fragments') socket.send('the API has no such call');
          else socket.send(data);
        };
        socket.onclose = event => done('closed ' + event.code + ' ' + event.reason);
        """;

    /**
     * Retries until the server has accepted the connection. The server accepts no other version of HTTP, and the
     * browser needs a moment until its session can carry WebSockets.
     */
    private static final String UNTIL_TAKEN = """
        const done = arguments[arguments.length - 1];
        let attempts = 0;
        const attempt = () => {
          const socket = new WebSocket(location.href.replace('http', 'ws'));
          let opened = false;
          socket.binaryType = 'arraybuffer';
          socket.onopen = () => { opened = true; };
          socket.onmessage = ({ data }) => {
            if (data === 'close') socket.close(4000, 'as you wish');
            else if (data === 'ping' || data === 'fragments') socket.send('the API has no such call');
            else socket.send(data);
          };
          socket.onclose = event => {
            if (!opened && ++attempts < 100) setTimeout(attempt, 100);
            else done('closed ' + event.code + ' ' + event.reason);
          };
        };
        attempt();
        """;

    private ChromiumEcho() {}

    static String version() throws Exception {
        Process process = new ProcessBuilder(Program.installed("chromium"), "--version").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = Pattern.compile("\\d[\\d.]*").matcher(output);
        return version.find() ? version.group() : output;
    }

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        return connect(url, eventLog, SCRIPT, List.of());
    }

    /** Connects over HTTP/3, which also has to load the page. */
    static Stop connectByHttp3(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        return connect(
                url,
                eventLog,
                UNTIL_TAKEN,
                Browser.http3(URI.create(url).getPort(), Objects.requireNonNull(certificate), true));
    }

    private static Stop connect(String url, EventLog eventLog, String page, List<String> flags) throws Exception {
        Path profile = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium");
        Browser browser = Browser.start(profile, flags);
        browser.open(url.replaceFirst("^ws", "http"));
        Thread script = new Thread(() -> await(browser, page, eventLog), "page");
        script.start();
        return () -> {
            script.join();
            browser.close();
        };
    }

    private static void await(Browser browser, String page, EventLog eventLog) {
        try {
            eventLog.add(browser.await(page).strip());
        } catch (Exception e) {
            eventLog.add("failed " + e.getMessage());
        }
    }
}
