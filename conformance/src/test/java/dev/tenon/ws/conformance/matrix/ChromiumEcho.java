package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import dev.tenon.ws.conformance.strangers.Browser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Headless Chromium: a page of Tenon's server connects to it. */
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

    private ChromiumEcho() {}

    static String version() throws Exception {
        Process process = new ProcessBuilder(Program.installed("chromium"), "--version").start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = Pattern.compile("\\d[\\d.]*").matcher(said);
        return version.find() ? version.group() : said;
    }

    static Stop connect(String url, Ear ear, @Nullable Certificate certificate) throws Exception {
        Path profile = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium");
        Browser browser = Browser.start(profile);
        browser.open(url.replaceFirst("^ws", "http"));
        Thread script = new Thread(() -> await(browser, ear), "page");
        script.start();
        return () -> {
            script.join();
            browser.close();
        };
    }

    private static void await(Browser browser, Ear ear) {
        try {
            ear.add(browser.await(SCRIPT).strip());
        } catch (Exception e) {
            ear.add("failed " + e.getMessage());
        }
    }
}
