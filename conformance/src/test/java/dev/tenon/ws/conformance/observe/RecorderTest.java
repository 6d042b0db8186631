package dev.tenon.ws.conformance.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and client write events to the flight recorder, and run without it if it is missing. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecorderTest {
    private static final List<String> MODULES = Stream.of(
                    "frame", "extension", "handshake", "connection", "transport", "server", "client")
            .map(name -> "dev.tenon.ws." + name)
            .toList();
    private static final String CLASSES = Stream.of(
                    "ws-frame",
                    "ws-extension-spi",
                    "ws-handshake",
                    "ws-connection",
                    "ws-transport",
                    "ws-server",
                    "ws-client")
            .map(folder -> Path.of("..", folder, "target", "classes").toString())
            .collect(Collectors.joining(File.pathSeparator));
    private static final String TESTS = Path.of("target", "test-classes").toString();
    private static final List<String> HAPPENED =
            List.of("hello", "4321", "flooded", "HTTP/1.1 505", "1 clean, 1 lost, 1 refused, 1 stalled");

    @TempDir
    Path folder;

    @Test
    void withoutTheRecorderEverythingWorks() throws Exception {
        List<String> lines = run(
                "-p",
                CLASSES,
                "--add-modules",
                "dev.tenon.ws.server,dev.tenon.ws.client",
                "--limit-modules",
                "java.base," + String.join(",", MODULES),
                "-cp",
                TESTS);
        assertEquals(happened("recorder false, module true"), lines);
    }

    @Test
    void onTheModulePathEventsAreRecordedIfTheRecorderIsPresent() throws Exception {
        Path file = folder.resolve("modules.jfr");
        List<String> lines = run(
                "-XX:StartFlightRecording=settings=none,filename=" + file,
                "-p",
                CLASSES,
                "--add-modules",
                "dev.tenon.ws.server,dev.tenon.ws.client,jdk.jfr",
                "-cp",
                TESTS);
        assertEquals(happened("recorder true, module true"), withoutTheRecordersOwn(lines));
        assertAllIsRecorded(file);
    }

    @Test
    void onTheClassPathEventsAreRecorded() throws Exception {
        Path file = folder.resolve("classes.jfr");
        List<String> lines = run(
                "-XX:StartFlightRecording=settings=none,filename=" + file, "-cp", CLASSES + File.pathSeparator + TESTS);
        assertEquals(happened("recorder true, module false"), withoutTheRecordersOwn(lines));
        assertAllIsRecorded(file);
    }

    private static void assertAllIsRecorded(Path file) throws Exception {
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.tenon.ws."))
                .toList();
        List<RecordedEvent> opened = named(events, "ConnectionOpened");
        assertEquals(
                List.of("CLIENT", "SERVER", "SERVER"),
                opened.stream().map(event -> event.getString("role")).sorted().toList());
        assertTrue(opened.get(0).getString("url").endsWith("/echo"), "the query is nobody's business");
        List<RecordedEvent> closed = named(events, "ConnectionClosed");
        assertEquals(
                List.of("1006 false ", "4321 true enough", "4321 true enough"),
                closed.stream()
                        .map(event -> event.getInt("code") + " " + event.getBoolean("clean") + " "
                                + event.getString("reason"))
                        .sorted()
                        .toList());
        assertEquals(
                opened.stream()
                        .map(event -> event.getInt("connection"))
                        .sorted()
                        .toList(),
                closed.stream()
                        .map(event -> event.getInt("connection"))
                        .sorted()
                        .toList());
        assertTrue(closed.stream()
                .filter(event -> event.getInt("code") == 1006)
                .allMatch(event -> event.getString("cause").contains("IOException")
                        || event.getString("cause").contains("SocketException")));
        RecordedEvent refused = named(events, "HandshakeRefused").get(0);
        assertEquals(505, refused.getInt("status"));
        assertEquals("request.http-version-unsupported", refused.getString("violation"));
        assertTrue(refused.getString("remote").contains("127.0.0.1"));
        RecordedEvent stall = named(events, "Backpressure").get(0);
        assertTrue(stall.getDuration().toMillis() >= 40, () -> "" + stall.getDuration());
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.tenon.ws." + name))
                .toList();
    }

    private static List<String> happened(String first) {
        return Stream.concat(Stream.of(first), HAPPENED.stream()).toList();
    }

    private static List<String> withoutTheRecordersOwn(List<String> lines) {
        int first = 0;
        while (!lines.get(first).startsWith("recorder ")) {
            first++;
        }
        return lines.subList(first, lines.size());
    }

    private static List<String> run(String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.add(Observed.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        return output.lines().toList();
    }
}
