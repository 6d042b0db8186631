package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.conformance.peers.Certificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drives headless Chromium by chromedriver over the W3C WebDriver protocol, as far as the tests need it. */
public final class Browser implements AutoCloseable {
    private static final Pattern SESSION = Pattern.compile("\"sessionId\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern STRING_VALUE = Pattern.compile("\\{\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"}");

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1000",
            "--ignore-certificate-errors");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final URI base;
    private final String session;

    /** Returns the path of a program, if it is installed. */
    static Optional<Path> find(String... names) {
        String path = System.getenv("PATH");
        List<String> folders = Arrays.asList((path == null ? "" : path).split(java.io.File.pathSeparator));
        return Arrays.stream(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts Chromium and chromedriver with a profile of their own; skips the test with a message if one is not
     * installed.
     */
    public static Browser start(Path profile) throws IOException, InterruptedException {
        return start(profile, List.of());
    }

    /** Starts them with more flags; without flags Chromium speaks no QUIC. */
    public static Browser start(Path profile, List<String> flags) throws IOException, InterruptedException {
        Optional<Path> chromium = find("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = find("chromedriver");
        assumeTrue(chromium.isPresent(), "NOT TESTED with a browser: chromium is not installed (.ci/run installs it)");
        assumeTrue(
                driver.isPresent(), "NOT TESTED with a browser: chromedriver is not installed (.ci/run installs it)");
        return new Browser(driver.orElseThrow(), chromium.orElseThrow(), profile, flags);
    }

    /**
     * Returns flags that make Chromium speak HTTP/3 to one port of 127.0.0.1, and optionally carry WebSockets in it.
     */
    public static List<String> http3(int port, Certificate certificate, boolean webSockets) throws Exception {
        byte[] key = certificate.key().certificate().getPublicKey().getEncoded();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        List<String> flags = new ArrayList<>(List.of(
                "--enable-quic",
                "--origin-to-force-quic-on=127.0.0.1:" + port,
                "--ignore-certificate-errors-spki-list=" + hash));
        if (webSockets) {
            flags.add("--enable-features=EnableWebsocketsOverHttp3");
        }
        return flags;
    }

    private Browser(Path chromedriver, Path chromium, Path profile, List<String> flags)
            throws IOException, InterruptedException {
        driver = new ProcessBuilder(chromedriver.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            base = URI.create("http://127.0.0.1:" + port(driver.inputReader(StandardCharsets.UTF_8)));
            List<String> all = new ArrayList<>(flags.isEmpty() ? List.of("--disable-quic") : flags);
            all.addAll(FLAGS);
            all.add("--user-data-dir=" + profile);
            String arguments = "\"" + String.join("\",\"", all) + "\"";
            String response = post(
                    "/session",
                    "{\"capabilities\":{\"alwaysMatch\":{\"goog:loggingPrefs\":{\"browser\":\"ALL\"},\"goog:chromeOptions\":{\"binary\":\""
                            + chromium + "\",\"args\":[" + arguments + "]}}}}");
            Matcher id = SESSION.matcher(response);
            if (!id.find()) {
                throw new IOException("chromedriver gives no session: " + response);
            }
            session = "/session/" + id.group(1);
        } catch (IOException | InterruptedException | RuntimeException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static int port(BufferedReader output) throws IOException {
        Pattern started = Pattern.compile("started successfully on port (\\d+)");
        String line;
        StringBuilder printed = new StringBuilder();
        while ((line = output.readLine()) != null) {
            Matcher port = started.matcher(line);
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
            printed.append(line).append('\n');
        }
        throw new IOException("chromedriver does not start: " + printed);
    }

    public void open(String url) throws IOException, InterruptedException {
        post(session + "/url", "{\"url\":\"" + url + "\"}");
    }

    /** Runs a script that calls back with a text, and returns the text. */
    public String await(String script) throws IOException, InterruptedException {
        String quoted = script.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        String response = post(session + "/execute/async", "{\"script\":\"" + quoted + "\",\"args\":[]}");
        Matcher value = STRING_VALUE.matcher(response.strip());
        if (!value.matches()) {
            throw new IOException("the script has failed: " + response);
        }
        return value.group(1).replace("\\n", "\n").replace("\\\"", "\"");
    }

    /** Sets the size of the window, in pixels of CSS. */
    public void resize(int width, int height) throws IOException, InterruptedException {
        post(session + "/window/rect", "{\"width\":" + width + ",\"height\":" + height + "}");
    }

    /** Returns the console's messages since the last call, as a list in JSON. */
    public String console() throws IOException, InterruptedException {
        String response = post(session + "/se/log", "{\"type\":\"browser\"}").strip();
        return response.substring("{\"value\":".length(), response.length() - 1);
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws IOException {
        try {
            HttpRequest end =
                    HttpRequest.newBuilder(base.resolve(session)).DELETE().build();
            http.send(end, HttpResponse.BodyHandlers.discarding());
            driver.destroy();
            driver.waitFor();
        } catch (InterruptedException e) {
            driver.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
